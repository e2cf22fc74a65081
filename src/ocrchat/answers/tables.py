"""Lay tables out as rows of cells under heads: those that were found, and columns that stand like one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.answers.printed import READ_CLOSELY, PrintedBlock, PrintedPage, Span
from ocrchat.answers.rows import Row, column_runs

_MOST_COLUMNS, _MOST_ROWS = 40, 1000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's body, row by row, its cells by column as spans; and its columns' heads, if it has some."""

    heads: Mapping[int, Span]
    rows: tuple[Mapping[int, Span], ...]


def printed_grids(page: PrintedPage, block: PrintedBlock) -> Iterator[Grid]:
    """The table of a block; two, where a row without digits in its midst heads those that follow."""
    grid = _whole_grid(block)
    if grid is None:
        return
    heads, rows = grid.heads, list[Mapping[int, Span]]()
    for at, row in enumerate(grid.rows):
        below = grid.rows[at + 1] if at + 1 < len(grid.rows) else {}
        if at and len(row) > 2 and not _says_digits(page, row) and _says_digits(page, below):
            yield Grid(heads, tuple(rows))
            heads, rows = row, []
        else:
            rows.append(row)
    yield Grid(heads, tuple(rows))


def _says_digits(page: PrintedPage, row: Mapping[int, Span]) -> bool:
    return any(_has_digit(page.said(span)) for span in row.values())


def _whole_grid(block: PrintedBlock) -> Grid | None:
    """The table of a block. Without a marked head, a first row without any digit is taken for it."""
    rows: dict[int, dict[int, Span]] = {}
    for cell, start, end in block.cells:
        if cell.column < _MOST_COLUMNS and start < READ_CLOSELY:
            for row in range(cell.row, cell.row + min(cell.rowspan, _MOST_ROWS)):
                rows.setdefault(row, {})[cell.column] = (start, end)
    if not rows or block.table is None:
        return None
    head_rows = block.table.header_rows
    if not head_rows and len(rows) > 1 and len(rows[min(rows)]) > 1:
        first = [cell.text for cell, *_ in block.cells if cell.row == min(rows)]
        others = [cell.text for cell, *_ in block.cells if cell.row != min(rows)]
        head_rows = int(any(map(_has_digit, others)) and not any(map(_has_digit, first)))
    heads: dict[int, Span] = {}
    for cell, start, end in block.cells:
        if cell.row < head_rows:
            heads |= dict.fromkeys(range(cell.column, cell.column + cell.colspan), (start, end))
    return Grid(heads, tuple(cells for row, cells in sorted(rows.items()) if row >= head_rows))


def implied_grids(page: PrintedPage, rows: Sequence[Row]) -> Iterator[Grid]:
    """Tables that only their columns tell: rows of the same number of segments, three at least."""
    for run in column_runs(rows):
        is_head = not any(_has_digit(page.said(segment.span)) for segment in run[0])
        heads = {column: segment.span for column, segment in enumerate(run[0])} if is_head else {}
        body = [dict(enumerate(segment.span for segment in row)) for row in run[is_head:]]
        yield Grid(heads, tuple(body))
    for head, below in pairwise(rows):
        if cells := _under_heads(page, head, below):
            heads = {column: segment.span for column, segment in enumerate(head)}
            yield Grid(heads, (cells,))


def _under_heads(page: PrintedPage, head: Row, below: Row) -> Mapping[int, Span]:
    """The words of a row by the heads that they begin under, where gaps alone don't part them.

    None where the row above is no row of heads: it has a digit, or no more parts than this one.
    """
    boxes = [segment.box for segment in head]
    placed = [box for box in boxes if box is not None]
    if len(below) >= len(head) or len(placed) < len(head) or below[0].box is None:
        return {}
    if any(_has_digit(page.said(segment.span)) for segment in head) or not any(
        _has_digit(page.said(segment.span)) for segment in below
    ):
        return {}
    high = max(box.height for box in placed)
    if below[0].box.y0 - max(box.y1 for box in placed) > 2.5 * high:
        return {}
    cells: dict[int, Span] = {}
    for segment in below:
        for piece in page.pieces_in(segment.span):
            column = sum(box.x0 <= piece.box.x0 + high for box in placed) - 1
            if column >= 0:
                start, _ = cells.get(column, (piece.start, 0))
                cells[column] = (start, piece.end)
    return cells if len(cells) > len(below) else {}


def _has_digit(text: str) -> bool:
    return bool(re.search(r"\d", text))
