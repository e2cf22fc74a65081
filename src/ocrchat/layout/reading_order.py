"""Find the order in which a person reads the lines of a page."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Rects
from ocrchat.layout.rows import Indices

DEEPEST = 40
"""Cuts within cuts; a newspaper page has a dozen."""
PADDING = 0.22
"""Share of a detected line's height that is margin, not letters."""
LEAST_LINES = 3
"""A column has at least so many lines on either side of its edge."""
LEAST_WIDTH = 9.0
"""Running text is usually at least this many times as wide as its letters are high; table cells are not."""


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
    line that crosses them. Takes lines without skew. O(n^2) a cut; a dense page takes some 10 ms.
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
        """What is above, left, right and below of the strip with the most text on its poorer side."""
        if len(which) < 2 * LEAST_LINES:
            return None
        best, most = None, 0.0
        lefts, rights = self.left[which], self.right[which]
        for x in self._edges(which):
            if min(int((rights <= x).sum()), int((lefts >= x).sum())) < LEAST_LINES:
                continue  # most edges of a page with one column
            for start, end in self._free_stretches(which, x):
                inside = which[(self.middle[which] > start) & (self.middle[which] < end)]
                left, right = inside[self.right[inside] <= x], inside[self.left[inside] >= x]
                text = min(self._running_text(left), self._running_text(right))
                if text > most and self._are_side_by_side(left, right):
                    above, below = which[self.middle[which] <= start], which[self.middle[which] >= end]
                    best, most = (above, left, right, below), text
        return best

    def _edges(self, which: NDArray[np.intp]) -> list[float]:
        """Places just right of where lines end, one for each half line height."""
        step = max(1.0, self.line_height / 2)
        ends: dict[int, float] = {}
        for end in self.right[which]:
            place = int(end // step)
            ends[place] = max(ends.get(place, -np.inf), float(end))
        return [end + 0.2 * self.line_height for _, end in sorted(ends.items())]

    def _free_stretches(self, which: NDArray[np.intp], x: float) -> list[tuple[float, float]]:
        """From where to where no line crosses the upright line at x."""
        crossing = which[(self.left[which] < x) & (self.right[which] > x)]
        stretches, reach = [], -np.inf
        for index in crossing[np.argsort(self.top[crossing], kind="stable")]:
            if self.top[index] > reach:
                stretches.append((float(reach), float(self.top[index])))
            reach = max(reach, float(self.bottom[index]))
        return [*stretches, (float(reach), np.inf)]

    def _running_text(self, which: NDArray[np.intp]) -> float:
        """The height of the lines together, 0 where they are too few or too short for running text."""
        if len(which) < LEAST_LINES:
            return 0.0
        widths = self.right[which] - self.left[which]
        heights = np.maximum(self.height[which], 1)
        is_text = float(np.median(widths / heights)) > LEAST_WIDTH
        return float(self.height[which].sum()) if is_text else 0.0

    def _are_side_by_side(self, left: NDArray[np.intp], right: NDArray[np.intp]) -> bool:
        """Whether both stand beside each other for most of the lower one's height, clearly apart."""
        top = max(self.top[left].min(), self.top[right].min())
        bottom = min(self.bottom[left].max(), self.bottom[right].max())
        lower = min(np.ptp(self.middle[left]), np.ptp(self.middle[right]))
        apart = float(self.left[right].min() - self.right[left].max())
        return bool(bottom - top > 0.5 * lower and apart > 0.5 * self.line_height)
