"""Find rows of marks like letters that no line of a page covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.coverage import share_inside
from ocrchat.imaging.ink import InkMarks, Pixels, marks_of
from ocrchat.imaging.quads import Quad
from ocrchat.imaging.repeats import STRIP_HEIGHT, repeats_one_mark
from ocrchat.model import Box

COVERED = 0.3
"""Share of a mark inside lines from which it is theirs."""
LOWEST, HIGHEST = 2, 0.25
"""Reduced pixels that a letter is high at least, and the share of the page that it is at most."""
WIDEST, NARROWEST = 12.0, 6.0
"""Times its height that a mark is wide, a word whose letters hang together, and its width that it is high."""
EMPTIEST, FULLEST = 0.06, 0.95
"""Shares of its box that a mark fills."""
NEXT, LIKE, LEVEL = 1.2, 2.5, 0.5
"""Heights from a mark to the next of its row, times that one is as high as the other, and the share of the
lower one's height that stands beside the other."""
MOST_MARKS = 1500
"""Of more marks the largest are looked at: a texture."""
LEAST_MARKS, LEAST_LENGTH, LOOSEST = 3, 2.5, 2.2
"""Of a row: its marks, its letters' heights in length at least, and in height at most."""
THINNEST_INK, DENSEST_INK = 0.1, 0.65
"""Share of a row that is ink."""
FLAT, FILLED = 2.0, 0.7
"""Marks so many times as wide as high that fill so much of their boxes are dashes."""
UNEVEN = 0.35
"""How far the ground of a row may vary, as a share of the contrast of its letters; photos vary more."""
FAINTEST = 18.0
"""Levels between letters and their ground."""
FAINT, LOWEST_FAINT = 10, 0.5
"""Levels between faint letters and the paper around them at half the page's size, where strokes have paled,
and usual letters that they are high at least."""
CELL, DARK, LEAST_DARK = 16, 60, 12
"""Pixels of a cell of ground, levels by which it is darker than paper, and how many make a dark ground."""


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row of marks: its box and the usual height of its marks, in pixels of the page."""

    box: Box
    letter: float
    marks: int
    is_light: bool = False


def rows_left(grey: Pixels, marks: InkMarks, lines: Sequence[Quad]) -> tuple[LeftRow, ...]:
    """Rows on even ground that are like lettering and lie in none of the lines, from the page's top.

    `marks` are the grey page's dark ones. Light ones are looked for where some dark ground is left. Photos,
    rules, dashes and dust give none, or few. 2 ms for A4 at 200 dpi where all is covered.
    """
    found = [row for row in _rows(marks, lines, is_light=False) if _is_lettering(grey, row.box)]
    if _has_dark_ground(grey, lines):
        negative = np.asarray(cv2.bitwise_not(grey), np.uint8)
        light = _rows(marks_of(negative), lines, is_light=True)
        found += [row for row in light if _is_lettering(negative, row.box)]
    return tuple(sorted(found, key=lambda row: (row.box.y0, row.box.x0, row.is_light)))


def has_faint_rows(grey: Pixels, lines: Sequence[Quad], letter: float) -> bool:
    """Whether rows of faint marks like letters lie in none of the lines: print that `marks_of` hardly sees.

    `letter` is the height of the page's usual letter; rows much lower are noise. 15 ms for A4 at 200 dpi.
    """
    rows = _rows(marks_of(grey, FAINT), lines, is_light=False)
    return any(row.letter >= LOWEST_FAINT * letter for row in rows)


def _rows(marks: InkMarks, lines: Sequence[Quad], *, is_light: bool) -> Iterator[LeftRow]:
    """The rows of marks outside the lines, by their shapes alone."""
    marks = marks.chosen(_like_letters(marks))
    marks = marks.chosen(share_inside(marks, quads=lines) < COVERED)
    if len(marks.boxes) < LEAST_MARKS:
        return
    largest = np.sort(np.argsort(-marks.areas, kind="stable")[:MOST_MARKS])
    boxes, areas = marks.boxes[largest], marks.areas[largest]
    for members in _hanging_together(_next_in_row(boxes)):
        row = _row(boxes[members], areas[members], marks.scale, is_light)
        if row is not None:
            yield row


def _like_letters(marks: InkMarks) -> NDArray[np.bool_]:
    width, height = (marks.boxes[:, 2:] - marks.boxes[:, :2]).T
    filled = marks.areas / (width * height)
    is_sized = (height >= LOWEST) & (height <= HIGHEST * marks.height)
    is_shaped = (width <= WIDEST * height) & (height <= NARROWEST * width)
    return np.asarray(is_sized & is_shaped & (filled >= EMPTIEST) & (filled <= FULLEST), np.bool_)


def _next_in_row(boxes: NDArray[np.int32]) -> NDArray[np.int64]:
    """For each mark the nearest to its right that goes on its row; itself where there is none."""
    x0, y0, x1, y1 = boxes.T.astype(np.float32)
    height = y1 - y0
    low, high = np.minimum(height, height[:, None]), np.maximum(height, height[:, None])
    gap = x0 - x1[:, None]
    beside = np.minimum(y1, y1[:, None]) - np.maximum(y0, y0[:, None])
    goes_on = (x0 > x0[:, None]) & (gap < NEXT * high) & (beside > LEVEL * low) & (high < LIKE * low)
    nearest = np.where(goes_on, gap, np.inf).argmin(axis=1)
    alone = ~goes_on.any(axis=1)
    return np.where(alone, np.arange(len(boxes)), nearest)


def _hanging_together(nexts: NDArray[np.int64]) -> Iterator[list[int]]:
    """The places that lead to the same end, each group in order."""
    groups: dict[int, list[int]] = {}
    ends = nexts
    while not np.array_equal(ends, ends[ends]):
        ends = ends[ends]
    for place, end in enumerate(ends.tolist()):
        groups.setdefault(end, []).append(place)
    yield from groups.values()


def _row(boxes: NDArray[np.int32], areas: NDArray[np.int32], scale: int, is_light: bool) -> LeftRow | None:
    """The row of these marks; None where they are too few, too scattered, or dashes."""
    if len(boxes) < LEAST_MARKS:
        return None
    width, height = (boxes[:, 2:] - boxes[:, :2]).T
    letter = float(np.median(height))
    x0, y0 = boxes[:, :2].min(axis=0).tolist()
    x1, y1 = boxes[:, 2:].max(axis=0).tolist()
    if x1 - x0 < LEAST_LENGTH * letter or y1 - y0 > LOOSEST * letter:
        return None
    ink = float(areas.sum()) / ((x1 - x0) * (y1 - y0))
    dashes = (width >= FLAT * height) & (areas >= FILLED * width * height)
    if not THINNEST_INK <= ink <= DENSEST_INK or dashes.mean() > 0.5:
        return None
    box = Box(x0 * scale, y0 * scale, x1 * scale, y1 * scale)
    return LeftRow(box, letter * scale, len(boxes), is_light)


def is_lettering(grey: Pixels, box: Box) -> bool:
    """Whether what a box encloses could be letters, dark or light, by its tones; `box` is not empty."""
    return _is_lettering(grey, box) or _is_lettering(np.asarray(cv2.bitwise_not(grey), np.uint8), box)


def _is_lettering(grey: Pixels, box: Box) -> bool:
    """Whether the pixels in a box with dark letters are two even tones, and no pattern."""
    part = grey[box.y0 : box.y1, box.x0 : box.x1]
    ink, ground, paper = (float(level) for level in np.percentile(part, (4, 60, 95)))
    if ground - ink < FAINTEST or paper - ground > UNEVEN * (ground - ink):
        return False
    width = max(8, round(box.width * STRIP_HEIGHT / box.height))
    strip = cv2.resize(part, (width, STRIP_HEIGHT), interpolation=cv2.INTER_AREA)
    return not repeats_one_mark(np.asarray(strip, np.uint8))


def _has_dark_ground(grey: Pixels, lines: Sequence[Quad]) -> bool:
    """Whether some of the page outside its lines is much darker than its paper."""
    if min(grey.shape) < CELL:
        return False
    cells = cv2.resize(grey, None, fx=1 / CELL, fy=1 / CELL, interpolation=cv2.INTER_AREA)
    for quad in lines:
        cv2.fillConvexPoly(cells, np.round(quad / CELL).astype(np.int32), 255)
    paper = float(np.percentile(cells, 90))
    return int((cells < paper - DARK).sum()) >= LEAST_DARK
