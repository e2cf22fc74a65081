"""Reckon with quadrilaterals: the places of lines that may stand at an angle.

A quad is float32 of shape (4, 2): x and y of the corners top-left, top-right, bottom-right and
bottom-left of the line as it is read, in pixels of the page, y down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.model import Box

Quad = NDArray[np.float32]
Rects = NDArray[np.float32]
"""Upright rectangles, float32 of shape (n, 4): x0, y0, x1, y1."""


def quad_around(centre: tuple[float, float], size: tuple[float, float], degrees: float) -> Quad:
    """The quad of a rotated rectangle as OpenCV gives it, its corners in our order.

    A rectangle more than 1.5 times as high as wide counts as standing: its corners stay those of the
    upright shape, so its width stays under its height.
    """
    corners = cv2.boxPoints((centre, size, degrees))
    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def size_of(quad: Quad) -> tuple[float, float]:
    """Width and height: the longer of each pair of opposite sides."""
    a, b, c, d = quad.tolist()
    return max(math.dist(a, b), math.dist(c, d)), max(math.dist(b, c), math.dist(d, a))


def is_standing(quad: Quad) -> bool:
    """Whether a line runs from top to bottom."""
    width, height = size_of(quad)
    return height > 1.5 * width


def laid(quad: Quad) -> Quad:
    """A standing quad's corners as of a line turned by a quarter to the left: it then runs left to right."""
    return quad[[1, 2, 3, 0]]


def part_of(quad: Quad, start: float, end: float) -> Quad:
    """The piece between two shares (0 to 1) of the way from the left side to the right one."""
    return np.asarray(parts_of(quad, [start], [end])[0])


def box_of(quad: Quad, width: int, height: int) -> Box:
    """The upright box around a quad, at least a pixel wide and high, inside a page of that size."""
    return boxes_of(quad[None], width, height)[0]


def boxes_of(quads: NDArray[np.float32], width: int, height: int) -> list[Box]:
    """The same for many quads, (n, 4, 2)."""
    low = np.clip(np.floor(quads.min(axis=1)).astype(int), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(quads.max(axis=1)).astype(int), low + 1, (width, height))
    return [Box(*corner, *opposite) for corner, opposite in zip(low.tolist(), high.tolist(), strict=True)]


def parts_of(quad: Quad, starts: Sequence[float], ends: Sequence[float]) -> NDArray[np.float32]:
    """Many pieces of a quad as `part_of` gives one, (n, 4, 2)."""
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    start, end = np.array(starts, np.float32)[:, None], np.array(ends, np.float32)[:, None]
    corners = quad[0] + top * start, quad[0] + top * end, quad[3] + bottom * end, quad[3] + bottom * start
    return np.stack(corners, axis=1)


def skew_of(quads: list[Quad]) -> float:
    """Degrees by which the lines fall to the right: the median over lines, weighted by length.

    0 where fewer than three lines are long enough to tell, and for more than 20 degrees.
    """
    if quads and _are_level(np.stack(quads)):
        return 0.0
    angles: list[tuple[float, float]] = []
    for quad in quads:
        across = (quad[1] - quad[0]) + (quad[2] - quad[3])
        length, height = float(np.hypot(*across)) / 2, float(np.linalg.norm(quad[3] - quad[0]))
        if length > 4 * height:
            angles.append((math.degrees(math.atan2(across[1], across[0])), length))
    if len(angles) < 3:
        return 0.0
    angles.sort()
    half, passed = sum(length for _, length in angles) / 2, 0.0
    for angle, length in angles:
        passed += length
        if passed >= half:
            return angle if abs(angle) < 20 else 0.0
    return 0.0


def _are_level(quads: NDArray[np.float32]) -> bool:
    """Whether all quads, shape (n, 4, 2), are upright rectangles, as those of a file's own text are."""
    x, y = quads[:, :, 0], quads[:, :, 1]
    level = (y[:, 0] == y[:, 1]) & (y[:, 2] == y[:, 3]) & (x[:, 0] == x[:, 3]) & (x[:, 1] == x[:, 2])
    return bool((level & (x[:, 1] > x[:, 0])).all())


def upright(quads: list[Quad], skew: float) -> Rects:
    """The quads as upright rectangles after the page is turned back by `skew` degrees around the origin.

    Each side is the mean of its two corners, so that a slant of its own does not make a line higher.
    """
    if not quads:
        return np.zeros((0, 4), np.float32)
    corners = np.stack(quads)
    angle = math.radians(-skew)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]], np.float32)
    corners = corners @ turn
    x0, x1 = corners[:, [0, 3], 0].mean(axis=1), corners[:, [1, 2], 0].mean(axis=1)
    y0, y1 = corners[:, [0, 1], 1].mean(axis=1), corners[:, [2, 3], 1].mean(axis=1)
    return np.stack([x0, y0, x1, y1], axis=1).astype(np.float32)
