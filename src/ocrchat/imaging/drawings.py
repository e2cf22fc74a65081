"""Find photos, drawings and charts among the lines of a page."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.ink import Pixels
from ocrchat.imaging.quads import Quad

FINE = 7.0
"""Pixels of a line of text to which the page is made smaller: enough for all that is looked for."""
CONTRAST = 30
"""Levels by which a picture differs from the paper."""
JOINED, APART = 0.5, 1.0
"""Line heights: strokes no further apart are one shape, shapes no further apart one picture."""
SPECK = 0.7
"""Line heights of the longer side of the least shape that counts."""
LEAST_SIDE, LEAST_AREA, MOST_AREA = 4.0, 0.012, 0.85
"""Line heights of a picture's shorter side, and shares of the page; larger ones are what the page lies on."""
LEAST_FILL = 0.12
"""The share of a picture that has ink, or ink close by."""
EDGE, LEAST_EDGES = 12, 0.08
"""Levels from pixel to pixel that make an edge; the share of edges, which shadows and plain grounds lack."""
WHOLE_SIDE, FULL = 0.9, 0.85
"""A shape along so much of the page's side is what the page lies on; one at its side fills its box so far."""
MOST_SHAPES = 400
ROUNDS = 6


def pictures_on(
    pixels: Pixels, lines: Sequence[Quad], rules: NDArray[np.float32], letter: float
) -> NDArray[np.float32]:
    """The page's pictures as quads, float32 (n, 4, 2), upright, in pixels of the page.

    `pixels` is (h, w) or (h, w, 3) uint8, `lines` where text stands and `rules` where lines are drawn,
    `letter` the height of a line of text in pixels. What is ink but neither text nor rules, much of it
    together, is a picture. 4 to 9 ms for A4 at 200 dpi.
    """
    if letter < 4 or not len(lines) or min(pixels.shape[:2]) < 4 * letter:
        return np.zeros((0, 4, 2), np.float32)
    times = max(1, round(letter / FINE))
    small, scale = _smaller(pixels, times), 1 / times
    text = _filled(np.stack(list(lines)), scale, small.shape, 0.15 * letter)
    paper = _paper_around(small, lines, scale, letter * scale)
    other = (np.abs(small.astype(np.int16) - paper) > CONTRAST) & (text == 0)
    other &= _filled(rules, scale, small.shape, 2.0) == 0
    unit = letter * scale
    kernel = np.ones((2 * round(JOINED * unit / 2) + 1,) * 2, np.uint8)
    ink = np.asarray(cv2.morphologyEx(other.astype(np.uint8), cv2.MORPH_CLOSE, kernel), np.uint8)
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > EDGE
    boxes = [box for box in _shapes(ink, unit) if _is_picture(box, ink, edges, unit)]
    sides = np.array(boxes, np.float32).reshape(-1, 4) / np.float32(scale)
    sides = sides.clip(0, [pixels.shape[1], pixels.shape[0]] * 2).astype(np.float32)
    return sides[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]


def _smaller(pixels: Pixels, times: int) -> Pixels:
    """The page in grey, so many times smaller; of a large one every second pixel is enough."""
    height, width = (side // times for side in pixels.shape[:2])
    whole = pixels[: height * times, : width * times]
    if times >= 4:
        whole = np.asarray(cv2.resize(whole, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST), np.uint8)
    small = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY) if small.ndim == 3 else small, np.uint8)


def _filled(quads: NDArray[np.float32], scale: float, shape: tuple[int, ...], margin: float) -> Pixels:
    """1 where one of the quads is, grown by a margin in pixels of the page, else 0."""
    mask = np.zeros(shape[:2], np.uint8)
    grown = quads + np.sign(quads - quads.mean(axis=1, keepdims=True)) * margin
    for corners in (grown * scale).round().astype(np.int32):
        cv2.fillConvexPoly(mask, corners, 1)
    return mask


def _paper_around(small: Pixels, lines: Sequence[Quad], scale: float, unit: float) -> NDArray[np.float32]:
    """How bright the paper is at each pixel: a plane through what is brightest around the lines of text."""
    around = np.ones((2 * round(unit / 2) + 1,) * 2, np.uint8)
    brightest = np.asarray(cv2.dilate(small, around), np.uint8)
    middles = np.stack(list(lines)).mean(axis=1) * scale
    x, y = middles.astype(int).T.clip(0, np.array([[small.shape[1] - 1], [small.shape[0] - 1]]))
    levels = brightest[y, x].astype(np.float32)
    usual = np.median(levels)
    level = np.full(small.shape, usual, np.float32)
    told = np.abs(levels - usual) < 2 * CONTRAST
    if told.sum() < 8 or np.ptp(y[told]) < small.shape[0] / 3:
        return level
    known = np.column_stack([x[told] - x[told].mean(), y[told] - y[told].mean(), np.ones(told.sum())])
    across, down, middle = np.linalg.lstsq(known, levels[told], rcond=None)[0]
    to_right = np.arange(small.shape[1], dtype=np.float32) - np.float32(x[told].mean())
    to_bottom = np.arange(small.shape[0], dtype=np.float32) - np.float32(y[told].mean())
    plane = np.float32(across) * to_right[None] + np.float32(down) * to_bottom[:, None] + np.float32(middle)
    return np.asarray(plane.clip(0, 255), np.float32)


def _shapes(ink: Pixels, unit: float) -> list[tuple[int, int, int, int]]:
    """The boxes (x0, y0, x1, y1) of shapes, those that are near each other as one."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    stats = stats[1:]
    stats = stats[np.maximum(stats[:, 2], stats[:, 3]) >= SPECK * unit]
    stats = stats[np.argsort(-stats[:, 4], kind="stable")][:MOST_SHAPES]
    boxes = [
        (x, y, x + w, y + h) for x, y, w, h, _ in stats.tolist() if not _is_ground(x, y, w, h, ink.shape)
    ]
    for _ in range(ROUNDS):
        merged = _merged(boxes, APART * unit)
        if len(merged) == len(boxes):
            break
        boxes = merged
    return boxes


def _is_ground(x: int, y: int, width: int, height: int, shape: tuple[int, ...]) -> bool:
    """Whether a shape runs along a whole side of the page: the table that it lies on, a copier's border."""
    along = (x <= 1 or x + width >= shape[1] - 1) and height >= WHOLE_SIDE * shape[0]
    return along or ((y <= 1 or y + height >= shape[0] - 1) and width >= WHOLE_SIDE * shape[1])


def _merged(boxes: Sequence[tuple[int, int, int, int]], near: float) -> list[tuple[int, int, int, int]]:
    kept: list[tuple[int, int, int, int]] = []
    for box in boxes:
        for at, other in enumerate(kept):
            across = min(box[2], other[2]) - max(box[0], other[0])
            if across > -near and min(box[3], other[3]) - max(box[1], other[1]) > -near:
                x0, y0, x1, y1 = zip(box, other, strict=True)
                kept[at] = min(x0), min(y0), max(x1), max(y1)
                break
        else:
            kept.append(box)
    return kept


def _is_picture(box: tuple[int, int, int, int], ink: Pixels, edges: NDArray[np.bool_], unit: float) -> bool:
    x0, y0, x1, y1 = box
    area = (x1 - x0) * (y1 - y0)
    if min(x1 - x0, y1 - y0) < LEAST_SIDE * unit or not LEAST_AREA * ink.size <= area <= MOST_AREA * ink.size:
        return False
    fill = float(ink[y0:y1, x0:x1].mean())
    at_side = x0 <= 1 or y0 <= 1 or x1 >= ink.shape[1] - 1 or y1 >= ink.shape[0] - 1
    if fill < (FULL if at_side else LEAST_FILL):
        return False
    inked = ink[y0:y1, x0:x1] > 0
    return bool(edges[y0:y1, x0:x1][inked].mean() >= LEAST_EDGES)
