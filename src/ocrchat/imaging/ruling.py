"""Find the straight lines that are drawn on a page."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.ink import Pixels, ink_mask
from ocrchat.imaging.quads import Rects

LEVEL, UPRIGHT = 3.0, 2.0
"""Times the height of a line of text that a drawn one is long at least: letters have no such strokes."""
THICKEST = 0.5
"""The same for how thick it is at most."""
LARGE_LETTER = 24.0
"""Pixels of a line of text from which half of the page's size shows its lines as well."""
LEAST_SKEW = 0.25
"""Degrees from which lines must be turned upright before they are looked for."""


def drawn_lines(pixels: Pixels, letter: float, skew: float) -> NDArray[np.float32]:
    """The level and upright lines of a page as quads, float32 (n, 4, 2), in pixels of the page.

    `pixels` is (h, w) or (h, w, 3) uint8, `letter` the height of a line of text in pixels, `skew` the
    degrees by which lines of text fall to the right. Some 15 ms for A4 at 200 dpi.
    """
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8) if pixels.ndim == 3 else pixels
    if min(grey.shape) < 2 * letter or letter < 4:
        return np.zeros((0, 4, 2), np.float32)
    turn = _turn_of(skew, grey.shape[:2]) if abs(skew) >= LEAST_SKEW else None
    if turn is not None:
        grey = np.asarray(cv2.warpAffine(grey, turn, _size(grey), borderValue=255), np.uint8)
    scale = 2 if letter >= LARGE_LETTER else 1
    if scale > 1:
        grey = np.asarray(cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    mask, unit = ink_mask(grey), letter / scale
    rects = np.concatenate(
        [
            _runs(mask, round(LEVEL * unit), 1, THICKEST * unit),
            _runs(mask, 1, round(UPRIGHT * unit), THICKEST * unit),
        ]
    )
    quads = (rects * scale)[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
    return quads if turn is None else _turned_back(quads, turn)


def _runs(mask: Pixels, wide: int, high: int, thickest: float) -> Rects:
    """Where ink runs on for so many pixels across or down, and is no thicker than that."""
    kernel = np.ones((max(1, high), max(1, wide)), np.uint8)
    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    sides = stats[1:, :4].astype(np.float32)
    sides = sides[sides[:, 3 if wide > high else 2] <= max(2.0, thickest)]
    return np.concatenate([sides[:, :2], sides[:, :2] + sides[:, 2:]], axis=1)


def _turn_of(skew: float, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """The matrix that turns a page upright around its middle."""
    height, width = shape[:2]
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0), np.float64)


def _turned_back(quads: NDArray[np.float32], turn: NDArray[np.float64]) -> NDArray[np.float32]:
    back = np.asarray(cv2.invertAffineTransform(turn), np.float64)
    return np.asarray(quads @ back[:, :2].T + back[:, 2], np.float32)


def _size(grey: Pixels) -> tuple[int, int]:
    return grey.shape[1], grey.shape[0]
