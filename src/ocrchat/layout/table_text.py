"""Build a table from the places of its text: columns, head, and rows that wrap."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.grid import Grid, Slot, header_rows_of, is_figure
from ocrchat.layout.parts import Part, cut_at_gaps, rects_of, usual_height
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rows import in_rows
from ocrchat.layout.rules import Rule
from ocrchat.layout.table_columns import columns_in, in_columns, place_of
from ocrchat.layout.table_rows import Placed, PlacedRow, rows_joined

CELL_GAP = 0.7
"""Times the height of a line: the least space between two cells."""
CLEAR_GAP = 0.9
"""The same, from which a line by itself counts as a table's."""
UNDER_ALL = 0.85
"""The share of a table's width that a rule under all of its columns has."""
LEAST_BANDS = 3
"""Stretches between such rules from which each may be one row."""
Columns = Sequence[tuple[float, float]]


def text_rows(parts: Sequence[Part], gap: float, flow: Flow) -> list[list[Part]]:
    """The parts, cut wherever a gap is wider than that, as lines of text from the top."""
    chunks = [chunk for part in parts for chunk in cut_at_gaps(part, gap, flow)]
    return [[chunks[i] for i in row] for row in in_rows(rects_of(chunks), range(len(chunks)))]


def grid_of_text(parts: Sequence[Part], levels: Sequence[Rule], flow: Flow) -> Grid | None:
    """The table that the parts form, None where they form no columns; `levels` are the level rules in it."""
    letter = usual_height(parts)
    rows = text_rows(parts, CELL_GAP * letter, flow)
    columns = columns_in(rows, letter)
    if len(columns) < 2 or len(rows) < 2:
        return None
    placed = [
        [
            Placed(piece, *place_of(piece, columns))
            for chunk in row
            for piece in in_columns(chunk, columns, flow)
        ]
        for row in rows
    ]
    head = _head(placed, levels, columns)
    heads = _head_rows(placed[:head], levels, columns)
    body = [row for band in _bands(placed[head:], levels, columns) for row in rows_joined(band, columns)]
    slots = [slot for index, row in enumerate([*heads, *body]) for slot in _slots(row, index, len(columns))]
    header_rows = len(heads) if heads and body else header_rows_of(slots)
    x0, x1 = min(part.x0 for part in parts), max(part.x1 for part in parts)
    y0, y1 = min(part.y0 for part in parts), max(part.y1 for part in parts)
    return Grid(x0, y0, x1, y1, tuple(slots), header_rows)


def _bands(rows: Sequence[PlacedRow], levels: Sequence[Rule], columns: Columns) -> list[list[PlacedRow]]:
    """The body's lines of text, parted where a rule runs under all columns."""
    wide = [rule.at for rule in levels if _is_under_all(rule, columns)]
    bands: list[list[PlacedRow]] = []
    for place, row in enumerate(rows):
        if place and not any(_middle(rows[place - 1]) < at < _middle(row) for at in wide):
            bands[-1].append(row)
        else:
            bands.append([row])
    if len(bands) >= LEAST_BANDS and not any(map(_is_stacked, bands)):
        return [[[placed for row in band for placed in row]] for band in bands]
    return bands


def _is_stacked(band: Sequence[PlacedRow]) -> bool:
    """Whether a column has two figures one under the other."""
    figures = [placed.first for row in band for placed in row if is_figure(placed.chunk.line.text)]
    return len(figures) > len(set(figures))


def _is_under_all(rule: Rule, columns: Columns) -> bool:
    left, right = columns[0][0], columns[-1][1]
    return min(rule.end, right) - max(rule.start, left) >= UNDER_ALL * (right - left)


def _head(rows: Sequence[PlacedRow], levels: Sequence[Rule], columns: Columns) -> int:
    """How many lines of text stand above the first rule that runs under the whole head."""
    for rule in sorted(levels, key=lambda each: each.at):
        if not _is_under_all(rule, columns):
            continue
        above = sum(_middle(row) < rule.at for row in rows)
        if 0 < above < len(rows):
            return above if above <= max(4, 0.4 * len(rows)) else 0
    return 0


def _head_rows(rows: Sequence[PlacedRow], levels: Sequence[Rule], columns: Columns) -> list[list[Placed]]:
    """The head's lines of text as rows: apart where a rule or a title over several columns divides them."""
    joined: list[list[Placed]] = [list(row) for row in rows[:1]]
    for before, row in pairwise(rows):
        if _divided(before, row, levels):
            joined.append(list(row))
        else:
            joined[-1].extend(row)
    for upper, lower in pairwise(joined):
        _spread(upper, lower, levels, columns)
    return joined


def _divided(before: PlacedRow, row: PlacedRow, levels: Sequence[Rule]) -> bool:
    """Whether a new row starts: a rule stands between, or a title above spans columns named below."""
    top, bottom = _middle(before), _middle(row)
    if any(top < rule.at < bottom and _is_under(rule, before) for rule in levels):
        return True
    spans = [placed for placed in before if placed.last > placed.first]
    below = {placed.first for placed in row}
    return any(len(below & set(range(span.first, span.last + 1))) > 1 for span in spans) or (
        any(placed.last > placed.first for placed in row)
    )


def _is_under(rule: Rule, row: PlacedRow) -> bool:
    return any(rule.start < placed.chunk.centre < rule.end for placed in row)


def _spread(upper: list[Placed], lower: Sequence[Placed], levels: Sequence[Rule], columns: Columns) -> None:
    """Let titles of several columns span them: those over their rule, else those they stand centred over."""
    named = {column for placed in lower for column in range(placed.first, placed.last + 1)}
    top, bottom = _middle(upper), _middle(lower)
    for index, placed in enumerate(upper):
        chunk = placed.chunk
        under = [rule for rule in levels if top < rule.at < bottom and rule.start < chunk.centre < rule.end]
        taken = {c for other in upper if other is not placed for c in range(other.first, other.last + 1)}
        if under:
            rule = min(under, key=lambda each: each.at)
            inside = [
                i for i, (x0, x1) in enumerate(columns) if rule.start - 2 <= (x0 + x1) / 2 <= rule.end + 2
            ]
            if len(inside) > 1 and not taken & set(inside):
                upper[index] = Placed(chunk, inside[0], inside[-1])
            continue
        best, least = (placed.first, placed.last), _off_centre(chunk, placed.first, placed.last, columns)
        for first in range(placed.first + 1):
            for last in range(placed.last, len(columns)):
                span = set(range(first, last + 1))
                if span & taken or not span <= named | {placed.first} or len(span & named) < 2:
                    continue
                off = _off_centre(chunk, first, last, columns)
                is_wider = last - first > best[1] - best[0]
                if is_wider and placed.last > placed.first and off < least + 1.5 * chunk.height:
                    best = first, last
                elif off < 0.5 * least and off < least - chunk.height:
                    best, least = (first, last), off
        upper[index] = Placed(chunk, *best)


def _off_centre(chunk: Part, first: int, last: int, columns: Columns) -> float:
    return abs(chunk.centre - (columns[first][0] + columns[last][1]) / 2)


def _slots(row: PlacedRow, index: int, width: int) -> list[Slot]:
    """The row's cells from the left, empty ones too; chunks in one cell are read from the top."""
    spans: list[tuple[int, int]] = []
    for placed in sorted(row, key=lambda each: (each.first, -each.last)):
        first, last = _span_of(placed, row, width)
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    covered = {column for first, last in spans for column in range(first, last + 1)}
    spans += [(column, column) for column in range(width) if column not in covered]
    slots = []
    for first, last in sorted(spans):
        inside = [placed.chunk for placed in row if first <= placed.first <= last]
        slots.append(Slot(index, first, 1, last - first + 1, in_lines(inside)))
    return slots


def _span_of(placed: Placed, row: PlacedRow, width: int) -> tuple[int, int]:
    """The columns a chunk fills; a label at the left that runs over its column stays in it."""
    if placed.first == 0 and 0 < placed.last < width - 1 and (len(row) == 1 or placed.last == 1):
        return 0, 0
    return placed.first, placed.last


def in_lines(chunks: Sequence[Part]) -> tuple[Part, ...]:
    """Chunks of one cell, line by line."""
    if len(chunks) < 2:
        return tuple(chunks)
    return tuple(chunks[i] for row in in_rows(rects_of(chunks), range(len(chunks))) for i in row)


def _middle(row: PlacedRow) -> float:
    return statistics.fmean(placed.chunk.middle for placed in row)
