"""Gather the rows of a region into paragraphs and headings."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocrchat.model import BlockType, Line


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line and its upright rectangle (x0, y0, x1, y1) in the frame of reading, without skew."""

    line: Line
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """Pixels across the line."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """Half way down the line."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, and what they are; `level` is a heading's, 1 for the largest."""

    rows: tuple[Row, ...]
    type: BlockType = BlockType.PARAGRAPH
    level: int | None = None

    @property
    def height(self) -> float:
        """The height of the group's usual line."""
        return statistics.median(row.height for row in self.rows)


def grouped(rows: Sequence[Row]) -> tuple[Group, ...]:
    """The rows of one region, in order, as paragraphs.

    A paragraph ends where the space to the next row is clearly over the region's usual one, where the
    height of letters changes, and where a short row is followed by an indented one.
    """
    if not rows:
        return ()
    usual = _usual_pitch(rows)
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    groups: list[list[Row]] = [[rows[0]]]
    for before, row in pairwise(rows):
        if _starts_anew(before, row, usual, left, right):
            groups.append([row])
        else:
            groups[-1].append(row)
    return tuple(Group(tuple(group)) for group in groups)


def with_headings(groups: Sequence[Group]) -> tuple[Group, ...]:
    """The groups of a whole page, the short and clearly larger ones marked as headings."""
    body = _body_height(groups)
    sizes = sorted({_size_class(group, body) for group in groups if _is_heading(group, body)}, reverse=True)
    return tuple(
        replace(group, type=BlockType.HEADING, level=min(6, sizes.index(_size_class(group, body)) + 1))
        if _is_heading(group, body)
        else group
        for group in groups
    )


def _usual_pitch(rows: Sequence[Row]) -> float:
    """The median distance from one row's middle to the next, in pixels."""
    steps = [after.middle - row.middle for row, after in pairwise(rows) if after.middle > row.middle]
    return statistics.median_low(steps) if steps else rows[0].height


def _starts_anew(before: Row, row: Row, usual: float, left: float, right: float) -> bool:
    pitch = row.middle - before.middle
    lower, higher = sorted((before.height, row.height))
    if pitch < -0.5 * higher or pitch > max(1.35 * usual, usual + 0.3 * higher):
        return True
    if higher > 1.35 * lower:
        return True
    is_short = before.x1 < right - 0.15 * (right - left)
    is_indented = row.x0 > before.x0 + 0.8 * higher and row.x0 < left + 4 * higher
    return is_short and is_indented


def _body_height(groups: Sequence[Group]) -> float:
    """The height of the page's usual line in pixels, weighted by characters; at least 1."""
    heights = sorted((row.height, len(row.line.text)) for group in groups for row in group.rows)
    half, passed = sum(count for _, count in heights) / 2, 0
    for height, count in heights:
        passed += count
        if passed >= half and count:
            return max(1.0, height)
    return 1.0


def _is_heading(group: Group, body: float) -> bool:
    if len(group.rows) > 3 or group.height <= 1.3 * body:
        return False
    return sum(c.isalpha() for row in group.rows for c in row.line.text) >= 2


def _size_class(group: Group, body: float) -> int:
    """Heights within a quarter of the body's height count as one level."""
    return round(group.height / body * 4)
