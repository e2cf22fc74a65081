"""Part lines that a detector has drawn across the empty strip between two columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.gaps import gaps_in
from ocrchat.imaging.ink import InkMarks
from ocrchat.imaging.quads import Quad, Rects, is_standing, part_of, skew_of, upright
from ocrchat.imaging.white_strips import WhiteStrip, strips_between

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
LEAST_GUTTER, SLACK = 0.5, 0.3
"""Line heights of a gap that does to part a line where it reaches from one column to the other, and by how
much it may miss either."""
MOST = 0.6
"""Share of the lines across that must have the gap where no column is seen behind it."""
LEAST_PIECE, LEAST_COLUMN = 0.5, 6.0
"""Line heights of a part that stands alone, and of the usual line beside a strip between columns."""


@dataclass(frozen=True, slots=True)
class Column:
    """Where a column's lines end, without their margins, and where those behind it begin, if any do."""

    end: float
    following: float | None


def parted_at_gutters(quads: list[Quad], grey: Pixels, marks: InkMarks) -> list[Quad]:
    """The lines of a page, those in two where they run across a gutter with no ink in it.

    Long gutters are seen in the page's marks. A short one is told by the lines that end at it, and by those
    that begin behind it or by most of those across it. Standing lines stay as they are. 3 ms, and some
    0.2 ms for each line across.
    """
    level = [quad for quad in quads if not is_standing(quad)]
    if len(level) < 2 * LEAST_LINES:
        return quads
    skew = skew_of(level)
    rects = upright(level, skew)
    height = float(np.median(rects[:, 3] - rects[:, 1]))
    found = strips_between(marks, skew, height)
    for strip in found.strips:
        quads = _parted_at(strip, quads, found.skew, height, grey)
    return _parted_at_ends(quads, grey)


def _parted_at(strip: WhiteStrip, quads: list[Quad], skew: float, height: float, grey: Pixels) -> list[Quad]:
    """The lines, those beside a strip parted or ended at its middle; as they were where cells stand there."""
    rects = upright(quads, skew)
    middles = (rects[:, 1] + rects[:, 3]) / 2
    x = strip.middle
    slack = SLACK * height
    inside = (
        (middles > strip.y0 - slack)
        & (middles < strip.y1 + slack)
        & [not is_standing(quad) for quad in quads]
    )
    before, behind = strip.x0 - rects[inside, 0], rects[inside, 2] - strip.x1
    for widths in (before, behind):
        pieces = widths[widths > LEAST_PIECE * height]
        if not len(pieces) or np.median(pieces) < LEAST_COLUMN * height:
            return quads
    parted: list[Quad] = []
    for quad, (x0, _, x1, _), is_inside in zip(quads, rects.tolist(), inside.tolist(), strict=True):
        if not is_inside or not x0 < x < x1:
            parted.append(quad)
            continue
        cut = (x - x0) / (x1 - x0)
        # The line above or below may reach into the strip's height.
        if not any(first <= cut <= last for first, last in gaps_in(grey, quad)):
            parted.append(quad)
            continue
        if x - x0 > LEAST_PIECE * height or x1 - x <= LEAST_PIECE * height:
            parted.append(part_of(quad, 0.0, cut))
        if x1 - x > LEAST_PIECE * height:
            parted.append(part_of(quad, cut, 1.0))
    return parted


def _parted_at_ends(quads: list[Quad], grey: Pixels) -> list[Quad]:
    """The lines, parted where several end at one place and others begin, or most have a gap."""
    level = [quad for quad in quads if not is_standing(quad)]
    rects = upright(level, skew_of(level))
    height = float(np.median(rects[:, 3] - rects[:, 1]))
    cuts: dict[int, float] = {}
    gaps: dict[int, tuple[tuple[float, float], ...]] = {}
    for column in _columns(rects, height):
        across = []
        for quad, rect in zip(level, rects, strict=True):
            if _lies_across(rect, column.end):
                if id(quad) not in gaps:
                    gaps[id(quad)] = tuple(gaps_in(grey, quad))
                across.append(_cut(rect, column, height, gaps[id(quad)]))
        found = sum(cut is not None for cut in across)
        if column.following is not None or (found >= LEAST_LINES and found >= MOST * len(across)):
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
        behind = begins[(begins > x - height / 2) & (begins < x + WIDEST * height)]
        yield Column(float(np.median(same)), float(np.median(behind)) if len(behind) >= LEAST_LINES else None)


def _lies_across(rect: NDArray[np.float32], x: float) -> bool:
    x0, y0, x1, y1 = rect.tolist()
    return bool(x0 < x - BESIDE * (y1 - y0) and x1 > x + BESIDE * (y1 - y0))


def _cut(
    rect: NDArray[np.float32], column: Column, height: float, gaps: Sequence[tuple[float, float]]
) -> float | None:
    """Where a line is to be parted at a column's end, as a share of its way; None where no gap is there."""
    x0, x1 = float(rect[0]), float(rect[2])
    slack = SLACK * height
    for first, last in gaps:
        start, end = x0 + first * (x1 - x0), x0 + last * (x1 - x0)
        is_wide = end - start >= LEAST_GAP * height and abs(start - column.end) <= NEAR * height
        is_gutter = (
            column.following is not None
            and end - start >= LEAST_GUTTER * height
            and start <= column.end + slack
            and end >= column.following - slack
        )
        if is_wide or is_gutter:
            return (first + last) / 2
    return None
