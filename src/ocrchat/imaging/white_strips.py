"""See the empty upright strips between columns of print."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.ink import InkMarks

ACROSS, DOWN = 20, 4
"""Cells of the grid in a line's height, along lines and down the page."""
LEAST_WIDTH = 0.4
"""Line heights that a strip is wide at least: more than a space, less than the narrowest gutter."""
LEAST_ROWS = 8.0
"""Line heights of print on both sides: so many spaces do not stand under one another by chance."""
ENOUGH, A_TRACE = 0.8, 3.0
"""Share of a page's height, from its first mark to its last, that a strip takes which tells that the skew is
right; and line heights of one for which other skews are tried."""
OTHER_SKEWS = (-0.15, 0.15, -0.3, 0.3, -0.45, 0.45)
"""Degrees by which lines that were drawn across columns may mislead; a narrow strip is lost by .2."""
CLEARLY = 1.2
"""Times as long as the longest strip must be at another skew that is taken."""
REACH = 12.0
"""Line heights from a strip within which a row has print on a side."""
SPECK = 0.35
"""Usual letters that a mark is long at most that does not count: dust, full stops."""
TALL, THIN, FRAME = 3.0, 0.5, 0.5
"""Line heights of a rule's length at least and its thickness at most, and the share of the page's width from
which a high mark is a frame."""

Grid = NDArray[np.bool_]
Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WhiteStrip:
    """Where no ink is, in pixels of the page after it is turned back; print is on both sides."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def middle(self) -> float:
        """Half way from one column to the other."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Strips:
    """The empty strips of a page, the longest first, once it is turned back by `skew` degrees."""

    skew: float
    strips: tuple[WhiteStrip, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of the grid without ink: `LEAST_WIDTH` wide from x on, with print beside so many rows."""

    x: int
    top: int
    foot: int
    rows: int


def strips_between(marks: InkMarks, skew: float, height: float) -> Strips:
    """The empty strips with print along both sides, the longest first.

    `skew` are degrees by which lines seem to fall to the right; others near it are tried where strips
    are short. `height` is a line's in pixels of the page. Rivers of spaces in one column are too narrow or
    too short. 2 ms for A4 at 200 dpi in one column, up to seven times that in several.
    """
    boxes = _of_print(marks, height)
    if not len(boxes):
        return Strips(skew, ())
    best, ink, corner = _longest(boxes, skew, height)
    if best and A_TRACE * DOWN <= best[0].rows < ENOUGH * len(ink):
        for other in OTHER_SKEWS:
            found, drawn, place = _longest(boxes, skew + other, height)
            if found and found[0].rows > CLEARLY * best[0].rows:
                best, ink, corner, skew = found, drawn, place, skew + other
    runs = [run for run in best if run.rows >= LEAST_ROWS * DOWN]
    return Strips(skew, tuple(_strips(runs, ink, corner, height)))


def _strips(
    runs: Sequence[_Run], ink: Grid, corner: NDArray[np.float64], height: float
) -> Iterator[WhiteStrip]:
    """The runs that lie side by side as one strip each."""
    across, down = height / ACROSS, height / DOWN
    taken = np.zeros_like(ink)
    for run in runs:
        x0, x1 = _extent(ink, run)
        if not taken[run.top : run.foot, x0:x1].any():
            taken[run.top : run.foot, max(0, x0 - ACROSS) : x1 + ACROSS] = True
            (left, right), (top, foot) = (x0 * across, x1 * across), (run.top * down, run.foot * down)
            x, y = corner.tolist()
            yield WhiteStrip(x + left, x + right, y + top, y + foot)


def _of_print(marks: InkMarks, height: float) -> Boxes:
    """The marks that are print or pictures, (n, 4) in pixels of the page; no specks, rules and frames."""
    boxes = marks.boxes.astype(np.float64) * marks.scale
    wide, high = (boxes[:, 2:] - boxes[:, :2]).T
    letter = float(np.median(high)) if len(boxes) else 0.0
    is_rule = (high > TALL * height) & (wide < THIN * height)
    is_frame = (high > TALL * height) & (wide > FRAME * marks.width * marks.scale)
    return np.asarray(boxes[(np.maximum(wide, high) > SPECK * letter) & ~is_rule & ~is_frame])


def _longest(boxes: Boxes, skew: float, height: float) -> tuple[list[_Run], Grid, NDArray[np.float64]]:
    """The runs of the page turned back by `skew`, the longest first, its ink and the corner of the grid."""
    angle = math.radians(-skew)
    x, y = ((boxes[:, :2] + boxes[:, 2:]) / 2).T
    middle = np.stack(
        [x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)], 1
    )
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    corner = (middle - half).min(axis=0)
    cell = np.array([height / ACROSS, height / DOWN])
    ink = _drawn((middle - half - corner) / cell, (middle + half - corner) / cell)
    return _runs(ink), ink, corner


def _drawn(starts: Boxes, ends: Boxes) -> Grid:
    """Which cells of the grid the marks touch."""
    x0, y0 = np.floor(starts).astype(int).T
    x1, y1 = np.ceil(ends).astype(int).T
    shape = (int(y1.max()) + 1, int(x1.max()) + 1)
    edges = np.zeros(shape[0] * shape[1], np.int32)
    for ys, xs, step in ((y0, x0, 1), (y0, x1, -1), (y1, x0, -1), (y1, x1, 1)):
        edges += step * np.bincount(ys * shape[1] + xs, minlength=len(edges)).astype(np.int32)
    return np.asarray(edges.reshape(shape).cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)


def _runs(ink: Grid) -> list[_Run]:
    """Stretches without ink with print on both sides, `A_TRACE` lines and more, where they begin and end."""
    wide, reach = round(LEAST_WIDTH * ACROSS), round(REACH * ACROSS)
    rows, columns = ink.shape
    xs = np.arange(columns - wide)
    if not len(xs):
        return []
    before = np.zeros((rows, columns + 1), np.int32)
    np.cumsum(ink, axis=1, out=before[:, 1:])
    is_free = np.zeros((len(xs), rows + 2), np.int8)
    is_free[:, 1:-1] = (before[:, wide:-1] == before[:, : -wide - 1]).T
    edges = np.diff(is_free, axis=1)
    (places, tops), (_, feet) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    is_long = feet - tops >= A_TRACE * DOWN
    places, tops, feet = places[is_long], tops[is_long], feet[is_long]
    on_left = before[:, xs] > before[:, np.maximum(xs - reach, 0)]
    on_right = before[:, np.minimum(xs + wide + reach, columns)] > before[:, xs + wide]
    # Of column x the rows with print on both sides stand in `both` from passed[x, 0] to passed[x, rows].
    columns_of_both, both = np.nonzero((on_left & on_right).T)
    counts = np.zeros((len(xs), rows + 1), np.int64)
    np.cumsum((on_left & on_right).T, axis=1, out=counts[:, 1:])
    passed = counts + np.searchsorted(columns_of_both, xs)[:, None]
    first, last = passed[places, tops], passed[places, feet]
    chosen = np.flatnonzero(last - first >= A_TRACE * DOWN)
    chosen = chosen[np.argsort(first[chosen] - last[chosen], kind="stable")]
    places, first, last = places[chosen], first[chosen], last[chosen]
    found = np.stack([places, both[first], both[last - 1] + 1, last - first], axis=1)
    return [_Run(*run) for run in found.tolist()]


def _extent(ink: Grid, run: _Run) -> tuple[int, int]:
    """How far to both sides of a run there is no ink."""
    inked = np.flatnonzero(ink[run.top : run.foot].any(axis=0))
    place = int(np.searchsorted(inked, run.x))
    before = int(inked[place - 1]) + 1 if place else 0
    return before, int(inked[place]) if place < len(inked) else ink.shape[1]
