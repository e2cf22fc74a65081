"""Find the order in which a person reads the lines of a page."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Rects
from ocrchat.layout.rows import Indices


class Flow(Enum):
    """Which way lines run and follow one another."""

    LEFT_TO_RIGHT = "lines to the right, then down"
    RIGHT_TO_LEFT = "lines to the left, then down"
    COLUMNS = "lines down, then to the left"


DEEPEST = 14
"""Cuts within cuts; a page has three or four."""
PADDING = 0.22
"""Share of a detected line's height that is margin, not letters."""


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

    Recursive XY cut (Nagy & Seth, ICPR 1984) over the lines of a page without skew. A page is cut
    between columns where both sides look like running text, else between rows where that frees
    columns above or below. Within a region rows are read from top to bottom.
    """
    if len(rects) == 0:
        return ()
    cut = _Cut(rects)
    return tuple(tuple(int(i) for i in region) for region in cut.regions(np.arange(len(rects)), 0))


class _Cut:
    """The lines without their margins, and what is measured on all of them."""

    def __init__(self, rects: Rects) -> None:
        margin = PADDING * np.maximum(rects[:, 3] - rects[:, 1], 1)
        self.left, self.top = rects[:, 0] + margin, rects[:, 1] + margin
        self.right = np.maximum(rects[:, 2] - margin, self.left + 1)
        self.bottom = np.maximum(rects[:, 3] - margin, self.top + 1)
        self.width = self.right - self.left
        self.line_height = float(np.median(self.bottom - self.top))

    def regions(self, which: NDArray[np.intp], depth: int) -> Iterator[NDArray[np.intp]]:
        parts = None
        if len(which) > 3 and depth < DEEPEST:
            parts = self._columns(which) or self._stacked(which)
        if parts is None:
            yield which
            return
        for part in parts:
            yield from self.regions(part, depth + 1)

    def _columns(self, which: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
        """Left and right of the widest gap that has running text on both sides."""
        gaps = _gaps(self.left[which], self.right[which], 0.5 * self.line_height)
        for _, place in sorted(gaps, reverse=True):
            left, right = which[self.right[which] <= place], which[self.left[which] >= place]
            if self._is_running_text(left) and self._is_running_text(right):
                return left, right
        return None

    def _is_running_text(self, which: NDArray[np.intp]) -> bool:
        return len(which) >= 4 and float(np.median(self.width[which])) > 8 * self.line_height

    def _stacked(self, which: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
        """Above and below the gap that frees the most lines into columns."""
        best, freed = None, 0
        for _, place in _gaps(self.top[which], self.bottom[which], 0.25 * self.line_height):
            above, below = which[self.bottom[which] <= place], which[self.top[which] >= place]
            count = sum(len(part) for part in (above, below) if len(part) > 3 and self._columns(part))
            if count > freed:
                best, freed = (above, below), count
        return best


def _gaps(
    starts: NDArray[np.floating], ends: NDArray[np.floating], least: float
) -> list[tuple[float, float]]:
    """(size, middle) of the empty stretches between intervals that are over `least` long."""
    order = np.argsort(starts, kind="stable")
    reach, gaps = float(ends[order[0]]), []
    for index in order[1:]:
        start = float(starts[index])
        if start - reach > least:
            gaps.append((start - reach, (start + reach) / 2))
        reach = max(reach, float(ends[index]))
    return gaps
