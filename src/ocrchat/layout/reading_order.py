"""Find the order in which a person reads the lines of a page."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Rects
from ocrchat.layout.rows import Indices, in_rows

DEEPEST = 40
"""Cuts within cuts; a newspaper page has a dozen."""
PADDING = 0.22
"""Share of a detected line's height that is margin, not letters."""
CLOSE = 1.5
"""Times the height of letters: the space above a line that goes on with the one above it."""
LEAST_LINES = 3
"""A column has at least so many lines on either side of its edge."""
LEAST_WIDTH = 9.0
"""Most lines of running text are at least so many times as wide as their letters are high; cells are not."""
FILLED = 0.7
"""Share of a line of running text, from its first piece to its last, that its pieces take, unlike cells."""


class Flow(Enum):
    """Which way lines run and follow one another."""

    LEFT_TO_RIGHT = "lines to the right, then down"
    RIGHT_TO_LEFT = "lines to the left, then down"
    COLUMNS = "lines down, then to the left"


def as_read(rects: Rects, flow: Flow) -> Rects:
    """The rectangles turned or mirrored so that reading goes right along a line and down the page.

    The other functions of layout work in this frame; sizes along and across lines stay what they are.
    """
    x0, y0, x1, y1 = rects.T
    if flow is Flow.RIGHT_TO_LEFT:
        return np.stack([-x1, y0, -x0, y1], axis=1)
    if flow is Flow.COLUMNS:
        return np.stack([y0, -x1, y1, -x0], axis=1)
    return rects


def in_regions(rects: Rects) -> tuple[Indices, ...]:
    """The rectangles, each once, as regions in the order a person reads them.

    Where running text stands on both sides of an empty upright strip, what is above the strip is read
    first, then its left, its right, and what is below. The strip with the most text beside it is cut
    first, then the parts in the same way: an XY cut (Nagy & Seth, ICPR 1984) whose cuts may end at a
    line that crosses them. Takes lines without skew. Some milliseconds for a dense page.
    """
    if len(rects) == 0:
        return ()
    cut = _Cut(rects)
    return tuple(tuple(int(i) for i in region) for region in cut.regions(np.arange(len(rects)), 0))


class _Cut:
    """The lines without their margins, and what is measured on all of them."""

    def __init__(self, rects: Rects) -> None:
        heights = np.maximum(rects[:, 3] - rects[:, 1], 1)
        margin = PADDING * np.minimum(heights, 2 * np.median(heights))
        self.left, self.top = rects[:, 0] + margin, rects[:, 1] + margin
        self.right = np.maximum(rects[:, 2] - margin, self.left + 1)
        self.bottom = np.maximum(rects[:, 3] - margin, self.top + 1)
        self.height = self.bottom - self.top
        self.middle = (self.top + self.bottom) / 2
        self.is_long = (self.right - self.left) / np.maximum(self.height, 1) > LEAST_WIDTH
        self.line_height = float(np.median(self.height))

    def regions(self, which: NDArray[np.intp], depth: int) -> Iterator[NDArray[np.intp]]:
        parts = self._around_best_strip(which) if depth < DEEPEST else None
        if parts is None:
            yield which
            return
        for part in parts:
            if len(part):
                yield from self.regions(part, depth + 1)

    def _around_best_strip(self, which: NDArray[np.intp]) -> tuple[NDArray[np.intp], ...] | None:
        """What is above, left, right and below of the strip with the most text on its poorer side.

        Of those with the same, the one with the most on both: a longer column beside a short one is not cut.
        """
        if len(which) < 2 * LEAST_LINES:
            return None
        which = which[np.argsort(self.middle[which], kind="stable")]
        best, most, in_all = None, 0.0, 0.0
        for x, bound in self._edges(which):
            if bound < most:
                break
            for start, end in self._free_stretches(which, x, most):
                start += self._tail(which, start, end, x)
                inside = which[start:end]
                left, right = inside[self.right[inside] <= x], inside[self.left[inside] >= x]
                sides = float(self.height[left].sum()), float(self.height[right].sum())
                if (min(sides), sum(sides)) <= (most, in_all):
                    continue
                if not (self._is_running_text(left) and self._is_running_text(right)):
                    continue
                if self._are_side_by_side(left, right):
                    best, most, in_all = (which[:start], left, right, which[end:]), min(sides), sum(sides)
        return best

    def _edges(self, which: NDArray[np.intp]) -> list[tuple[float, float]]:
        """Places just right of where lines end, one for each half line height, the most promising first.

        Each with the height of all lines on its poorer side; those with too few lines there are left out.
        """
        step = max(1.0, self.line_height / 2)
        order = np.argsort(self.right[which], kind="stable")
        ends, places = self.right[which][order], np.floor(self.right[which][order] / step)
        xs = ends[np.append(places[1:] != places[:-1], True)] + 0.2 * self.line_height
        starts = np.sort(self.left[which])
        before, after = np.searchsorted(ends, xs, "right"), len(starts) - np.searchsorted(starts, xs)
        heights = np.append(0.0, np.cumsum(self.height[which][order]))
        by_start = np.append(0.0, np.cumsum(self.height[which][np.argsort(-self.left[which], kind="stable")]))
        bounds = np.minimum(heights[before], by_start[after])
        enough = np.flatnonzero((before >= LEAST_LINES) & (after >= LEAST_LINES))
        enough = enough[np.argsort(-bounds[enough], kind="stable")]
        return list(zip(xs[enough].tolist(), bounds[enough].tolist(), strict=True))

    def _free_stretches(self, which: NDArray[np.intp], x: float, least: float) -> list[tuple[int, int]]:
        """From where to where, in lines sorted by their middles, none crosses the upright line at x.

        Only stretches that may have running text on both sides: enough lines, half of what stands there in
        long ones, and together at least as high as `least`.
        """
        on_left, on_right = self.right[which] <= x, self.left[which] >= x
        crossing = which[~(on_left | on_right)]
        crossing = crossing[np.argsort(self.top[crossing], kind="stable")]
        reach = np.maximum.accumulate(np.append(-np.inf, self.bottom[crossing]))
        tops = np.append(self.top[crossing], np.inf)
        is_free = tops > reach
        starts = np.searchsorted(self.middle[which], reach[is_free], "right")
        ends = np.searchsorted(self.middle[which], tops[is_free], "left")
        enough = np.ones(len(starts), np.bool_)
        for side in (on_left, on_right):
            width = side * (self.right[which] - self.left[which])
            told = np.stack([side, side * self.height[which], width, width * self.is_long[which]], axis=1)
            sums = np.concatenate([np.zeros((1, 4)), np.cumsum(told, axis=0)])
            count, height, every, long = (sums[ends] - sums[starts]).T
            enough &= (count >= LEAST_LINES) & (height >= least) & (2 * long >= every)
        return list(zip(starts[enough].tolist(), ends[enough].tolist(), strict=True))

    def _tail(self, which: NDArray[np.intp], start: int, end: int, x: float) -> int:
        """How many lines at the top of a stretch go on with one above that crosses the line at x.

        They stand close under it, begin where it does, and have nothing beside them.
        """
        crossing = [i for i in which[:start] if self.left[i] < x < self.right[i]]
        if not crossing:
            return 0
        above, taken = max(crossing, key=lambda i: float(self.bottom[i])), 0
        while start + taken < end - 1:
            line, following = which[start + taken], which[start + taken + 1]
            is_close = self.top[line] - self.bottom[above] < CLOSE * self.line_height
            begins_there = abs(self.left[line] - self.left[above]) < self.line_height
            if not (
                is_close and begins_there and self.top[following] > self.middle[line] + self.line_height / 2
            ):
                break
            above, taken = line, taken + 1
        return taken

    def _is_running_text(self, which: NDArray[np.intp]) -> bool:
        """Whether the usual line is long enough for running text, in one piece or in several close ones."""
        if self._usually_long(which):
            return True
        rects = np.stack([self.left, self.top, self.right, self.bottom], axis=1)
        rows = [list(row) for row in in_rows(rects, which.tolist())]
        long = sum(self._is_line(row) for row in rows)
        return 2 * long > len(rows)

    def _usually_long(self, which: NDArray[np.intp]) -> bool:
        widths = self.right[which] - self.left[which]
        return bool(np.median(widths / np.maximum(self.height[which], 1)) > LEAST_WIDTH)

    def _is_line(self, row: list[int]) -> bool:
        """Whether pieces side by side take a long line, most of it."""
        start, end = float(self.left[row].min()), float(self.right[row].max())
        filled = float((self.right[row] - self.left[row]).sum())
        is_long = end - start > LEAST_WIDTH * float(np.median(self.height[row]))
        return is_long and filled > FILLED * (end - start)

    def _are_side_by_side(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> bool:
        """Whether both stand beside each other for most of the lower one's height, clearly apart there."""
        top = max(self.top[left].min(), self.top[right].min())
        bottom = min(self.bottom[left].max(), self.bottom[right].max())
        lower = min(np.ptp(self.middle[left]), np.ptp(self.middle[right]))
        # A page number between them stands below.
        left, right = (side[(self.bottom[side] > top) & (self.top[side] < bottom)] for side in (left, right))
        if not (len(left) and len(right)):
            return False
        apart = float(self.left[right].min() - self.right[left].max())
        return bool(bottom - top > 0.5 * lower and apart > 0.5 * self.line_height)
