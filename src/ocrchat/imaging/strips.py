"""Cut a line out of a page as a straight strip."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Quad, size_of

Pixels = NDArray[np.uint8]
LONGEST = 4000
"""Pixels; a longer strip is squeezed to this."""


def strip(pixels: Pixels, quad: Quad, height: int, squeeze: float = 1.0) -> Pixels:
    """The pixels inside a quad, `height` high, width in proportion times `squeeze`.

    Takes and gives uint8 of shape (h, w) or (h, w, 3). What lies outside the page repeats its edge.
    About 0.5 ms for a line of an A4 page at 200 dpi.
    """
    wide, high = size_of(quad)
    width = int(np.clip(round(wide * height / max(high, 1.0) * squeeze), 8, LONGEST))
    source, corners = _reduced(pixels, quad, height / max(high, 1.0))
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    size, linear, edge = (width, height), cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
    if _is_parallelogram(corners):
        affine = cv2.getAffineTransform(corners[:3], goal[:3])
        cut = cv2.warpAffine(source, affine, size, flags=linear, borderMode=edge)
    else:
        perspective = cv2.getPerspectiveTransform(corners, goal)
        cut = cv2.warpPerspective(source, perspective, size, flags=linear, borderMode=edge)
    return np.asarray(cut, np.uint8)


def _reduced(pixels: Pixels, quad: Quad, scale: float) -> tuple[Pixels, Quad]:
    """The part of the page around the quad, averaged down where it is over twice the size needed."""
    x0, y0 = np.maximum(np.floor(quad.min(axis=0)).astype(int) - 2, 0)
    x1, y1 = np.ceil(quad.max(axis=0)).astype(int) + 3
    part = pixels[y0:y1, x0:x1]
    if part.size == 0:
        return pixels, quad
    corners = (quad - np.array([x0, y0], np.float32)).astype(np.float32)
    if scale >= 0.6:
        return part, corners
    factor = 1.6 * scale
    smaller = cv2.resize(part, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(smaller, np.uint8), corners * np.float32(factor)


def _is_parallelogram(quad: Quad) -> bool:
    return bool(np.abs(quad[0] + quad[2] - quad[1] - quad[3]).max() < 0.5)
