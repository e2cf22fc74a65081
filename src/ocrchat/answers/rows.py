"""Read a page row by row, as the eye does: what stands side by side belongs together, whatever its block."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from ocrchat.answers.printed import READ_CLOSELY, PrintedPage, Span, is_beside
from ocrchat.model import Box

_LINE = re.compile(r"[^\n]+")
_GAP = re.compile(r"[ \u00a0]{3,}|\t+|\s\|\s")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufefc]")
_MOST_SEGMENTS = 40
"""Segments of a row that are looked at: a page of nothing but tabs must not take minutes."""
_WIDE_GAP = 1.6
"""A gap so many times as wide as the line is high parts two segments."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a printed line without a wide gap; `box` is None where only the text is known."""

    span: Span
    box: Box | None


Row = tuple[Segment, ...]
"""Segments side by side, in reading order."""


def rows_of(page: PrintedPage) -> tuple[Row, ...]:
    """The rows of a page, the top one first. A segment that has no box is a row with those of its line."""
    lines = [
        tuple(islice(_segments(page, found.span()), _MOST_SEGMENTS))
        for found in _LINE.finditer(page.text, 0, READ_CLOSELY)
    ]
    placed = [segment for line in lines if line and line[0].box for segment in line]
    right_to_left = len(_RIGHT_TO_LEFT.findall(page.text[:4000])) > 0.2 * len(page.text[:4000])
    rows: list[list[Segment]] = []
    for segment in sorted(placed, key=lambda each: each.box.y0 if each.box else 0):
        for row in rows[-3:]:
            if (
                len(row) < _MOST_SEGMENTS
                and all(_stand_apart(segment, other) for other in row)
                and is_beside(_box(row[0]), _box(segment))
            ):
                row.append(segment)
                break
        else:
            rows.append([segment])
    ordered = [tuple(sorted(row, key=lambda each: _box(each).x0, reverse=right_to_left)) for row in rows]
    return tuple(ordered) + tuple(line for line in lines if line and not line[0].box)


def following(row: Row, segment: Segment, below: Row) -> Segment | None:
    """The segment of the next row that stands under this one."""
    if segment.box is None:
        place = row.index(segment)
        return below[place] if place < len(below) and below[place].box is None else None
    for other in below:
        if other.box and min(other.box.x1, segment.box.x1) > max(other.box.x0, segment.box.x0):
            near = other.box.y0 - segment.box.y1 < 2.5 * max(1, segment.box.height)
            return other if near else None
    return None


def _segments(page: PrintedPage, line: Span) -> Iterator[Segment]:
    """A line of the text, cut where a wide gap parts it."""
    cuts = [gap.span() for gap in _GAP.finditer(page.text, *line)]
    cuts += _wide_gaps(page, line)
    begin = line[0]
    for start, end in [*sorted(cuts), (line[1], line[1])]:
        piece = page.text[begin:start]
        if piece.strip():
            span = (begin + len(piece) - len(piece.lstrip()), begin + len(piece.rstrip()))
            boxes = [each.box for each in page.pieces_in(span)]
            yield Segment(span, Box.around(boxes) if boxes else None)
        begin = max(begin, end)


def _wide_gaps(page: PrintedPage, line: Span) -> Iterator[Span]:
    for one, other in pairwise(page.pieces_in(line)):
        height = max(1, min(one.box.height, other.box.height))
        gap = max(other.box.x0 - one.box.x1, one.box.x0 - other.box.x1)
        if gap > _WIDE_GAP * height and page.text[one.end : other.start].isspace():
            yield one.end, other.start


def _box(segment: Segment) -> Box:
    if segment.box is None:
        raise ValueError("a segment without a place")
    return segment.box


def _stand_apart(one: Segment, other: Segment) -> bool:
    a, b = _box(one), _box(other)
    return a.x1 <= b.x0 or b.x1 <= a.x0


def column_runs(rows: Sequence[Row], least: int = 3) -> Iterator[tuple[Row, ...]]:
    """Runs of at least two rows that have the same number of segments, `least` or more."""
    run: list[Row] = []
    for row in [*rows, ()]:
        if run and len(row) != len(run[0]):
            if len(run) > 1:
                yield tuple(run)
            run = []
        if len(row) >= least:
            run.append(row)
