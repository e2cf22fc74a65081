"""Draw lines of one row apart whose boxes overlap, so that a narrow gutter between them is seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.gaps import gaps_in
from ocrchat.imaging.quads import Quad, Rects, is_standing, part_of, skew_of, upright

Pixels = NDArray[np.uint8]

LONGEST = 1.5
"""Line heights that two boxes of one row share at most, where they are no two boxes of one line."""
LEAST_WIDTH = 4.0
"""Line heights of both: lines of columns; cells and marks in pictures stay as they were found."""
LEAST_GAP = 0.3
"""Line heights of the gap between them."""


def drawn_apart(quads: list[Quad], grey: Pixels) -> list[Quad]:
    """The lines of a page; two of one row whose boxes overlap end and begin in the gap between them.

    A detector's boxes have margins, which meet where columns stand close. Boxes with ink all along what
    they share, and standing lines, stay as they are. Some 0.2 ms for each pair.
    """
    rects = upright(quads, skew_of(quads))
    starts, ends = rects[:, 0].tolist(), rects[:, 2].tolist()
    for left, right in _overlapping(rects):
        if is_standing(quads[left]) or is_standing(quads[right]):
            continue
        gap = _gap_between(quads[left], rects[left], float(rects[right, 0]), grey)
        if gap is not None:
            ends[left] = starts[right] = gap
    return [_between(*each) for each in zip(quads, rects, starts, ends, strict=True)]


def _overlapping(rects: Rects) -> list[tuple[int, int]]:
    """Pairs of lines of one row, the second of which begins shortly before the first one's end."""
    x0, y0, x1, y1 = rects.T
    heights = y1 - y0
    lower = np.minimum(heights[:, None], heights)
    shared = np.minimum(y1[:, None], y1) - np.maximum(y0[:, None], y0)
    along = x1[:, None] - x0
    is_pair = (shared > 0.5 * lower) & (along > 0) & (along < LONGEST * lower)
    is_pair &= (x0[:, None] < x0 - lower) & (x1[:, None] < x1 - lower)
    is_long = x1 - x0 > LEAST_WIDTH * heights
    is_pair &= is_long[:, None] & is_long
    return [(int(left), int(right)) for left, right in np.argwhere(is_pair)]


def _gap_between(quad: Quad, rect: NDArray[np.float32], start: float, grey: Pixels) -> float | None:
    """The middle of the widest gap from `start` on into a line; None where none is wide enough."""
    x0, y0, x1, y1 = rect.tolist()
    gaps = [(x0 + first * (x1 - x0), x0 + last * (x1 - x0)) for first, last in gaps_in(grey, quad)]
    first, last = max(
        (gap for gap in gaps if gap[1] > start), key=lambda gap: gap[1] - gap[0], default=(0.0, 0.0)
    )
    return (max(first, start) + last) / 2 if last - first > LEAST_GAP * (y1 - y0) else None


def _between(quad: Quad, rect: NDArray[np.float32], start: float, end: float) -> Quad:
    x0, _, x1, _ = rect.tolist()
    if (start, end) == (x0, x1) or end <= start:
        return quad
    return part_of(quad, (start - x0) / (x1 - x0), (end - x0) / (x1 - x0))
