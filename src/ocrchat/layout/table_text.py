"""Build a table from the places of its text: columns, head, and rows that wrap."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.layout.grid import Grid, Slot, header_rows_of, is_figure
from ocrchat.layout.parts import Part, cut_at_gaps, rects_of, usual_height
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rows import in_rows
from ocrchat.layout.rules import Rule
from ocrchat.layout.table_columns import columns_in, in_columns, place_of
from ocrchat.layout.table_head import Columns, head_of, head_rows, is_under_all, middle_of, with_high_names
from ocrchat.layout.table_rows import Placed, PlacedRow, rows_joined

CELL_GAP = 0.7
"""Times the height of a line: the least space between two cells."""
CLEAR_GAP = 0.9
"""The same, from which a line by itself counts as a table's."""
LEAST_BANDS = 3
"""Stretches between such rules from which each may be one row."""


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
    head = head_of(placed, levels, columns)
    heads = head_rows(placed[:head], levels, columns)
    body = [row for band in _bands(placed[head:], levels, columns) for row in rows_joined(band, columns)]
    slots = [slot for index, row in enumerate([*heads, *body]) for slot in _slots(row, index, len(columns))]
    if heads and body:
        slots = with_high_names(slots, len(heads))
    header_rows = len(heads) if heads and body else header_rows_of(slots)
    x0, x1 = min(part.x0 for part in parts), max(part.x1 for part in parts)
    y0, y1 = min(part.y0 for part in parts), max(part.y1 for part in parts)
    return Grid(x0, y0, x1, y1, tuple(slots), header_rows)


def _bands(rows: Sequence[PlacedRow], levels: Sequence[Rule], columns: Columns) -> list[list[PlacedRow]]:
    """The body's lines of text, parted where a rule runs under all columns."""
    wide = [rule.at for rule in levels if is_under_all(rule, columns)]
    bands: list[list[PlacedRow]] = []
    for place, row in enumerate(rows):
        if place and not any(middle_of(rows[place - 1]) < at < middle_of(row) for at in wide):
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
