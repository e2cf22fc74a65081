"""Part lines that a detector has drawn across the empty strip between two columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.gaps import gaps_in
from ocrchat.imaging.quads import Quad, Rects, is_standing, part_of, skew_of, upright

Pixels = NDArray[np.uint8]

LEAST_LINES = 3
"""So many lines end at a gutter, and so many begin behind it."""
WIDEST = 2.5
"""Line heights from the end of one column to the beginning of the next; wider ones nobody draws across."""
PADDING = 0.2
"""Share of a detected line's height that is margin, at its ends too."""
BESIDE = 4.0
"""Line heights that a line across has on both sides of the gutter at least."""
LEAST_GAP, NEAR = 0.8, 0.7
"""Line heights of the gap in a line that is parted, wider than a typewriter's space, and how far it may
begin from the column's end."""
MOST = 0.6
"""Share of the lines across that must have the gap where no column is seen behind it."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column's lines end, without their margins, and whether others begin behind it."""

    end: float
    is_followed: bool


def parted_at_gutters(quads: list[Quad], grey: Pixels) -> list[Quad]:
    """The lines of a page, those in two where they run across a gutter with no ink in it.

    A gutter is told by the lines that end at it, and by those that begin behind it or by most of those
    across it. Standing lines stay as they are. Some 0.2 ms for each line across.
    """
    level = [quad for quad in quads if not is_standing(quad)]
    if len(level) < 2 * LEAST_LINES:
        return quads
    rects = upright(level, skew_of(level))
    height = float(np.median(rects[:, 3] - rects[:, 1]))
    cuts: dict[int, float] = {}
    for column in _columns(rects, height):
        across = [
            _cut(quad, rect, column.end, height, grey)
            for quad, rect in zip(level, rects, strict=True)
            if _lies_across(rect, column.end)
        ]
        found = sum(cut is not None for cut in across)
        if column.is_followed or (found >= LEAST_LINES and found >= MOST * len(across)):
            places = [id(q) for q, r in zip(level, rects, strict=True) if _lies_across(r, column.end)]
            cuts.update({place: cut for place, cut in zip(places, across, strict=True) if cut is not None})
    return [part for quad in quads for part in _parts(quad, cuts.get(id(quad)))]


def _parts(quad: Quad, cut: float | None) -> Iterator[Quad]:
    if cut is None:
        yield quad
    else:
        yield part_of(quad, 0.0, cut)
        yield part_of(quad, cut, 1.0)


def _columns(rects: Rects, height: float) -> Iterator[Column]:
    """Where columns end: three lines and more, at most half a line height apart."""
    margin = PADDING * height
    begins, ends = rects[:, 0] + margin, np.sort(rects[:, 2] - margin)
    last = -np.inf
    for x in ends[::-1]:
        same = ends[(ends <= x) & (ends > x - height / 2)]
        if len(same) < LEAST_LINES or abs(last - x) < height:
            continue
        last = x
        behind = (begins > x - height / 2) & (begins < x + WIDEST * height)
        yield Column(float(np.median(same)), int(behind.sum()) >= LEAST_LINES)


def _lies_across(rect: NDArray[np.float32], x: float) -> bool:
    x0, y0, x1, y1 = rect.tolist()
    return bool(x0 < x - BESIDE * (y1 - y0) and x1 > x + BESIDE * (y1 - y0))


def _cut(quad: Quad, rect: NDArray[np.float32], x: float, height: float, grey: Pixels) -> float | None:
    """Where a line is to be parted near x, as a share of its way; None where no wide gap is there."""
    x0, x1 = float(rect[0]), float(rect[2])
    for first, last in gaps_in(grey, quad):
        is_wide = (last - first) * (x1 - x0) >= LEAST_GAP * height
        if is_wide and abs(x0 + first * (x1 - x0) - x) <= NEAR * height:
            return (first + last) / 2
    return None
