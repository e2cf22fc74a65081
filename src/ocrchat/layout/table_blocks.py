"""Make a table, and the block that stands for it, of a grid that was found."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from ocrchat.layout.grid import Grid, Slot
from ocrchat.layout.table_html import html_of
from ocrchat.model import Block, BlockType, Box, Cell, Table


def table_of(grid: Grid, *, spaced: bool) -> Table:
    """The grid's table in pixels of the page; a cell's box is around its words.

    An empty cell has an empty box at the corner of the table.
    """
    around = Box.around(part.line.box for part in grid.parts)
    rows, columns = sorted({slot.row for slot in grid.slots}), sorted({slot.column for slot in grid.slots})
    cells = tuple(_cell(_closed_up(slot, rows, columns), around, spaced) for slot in grid.slots)
    return Table(around, cells, html_of(cells, grid.header_rows), grid.header_rows)


def block_of(grid: Grid, table: Table, index: int) -> Block:
    """The block of the table at that place of its page; its text has a line a row, tabs between cells."""
    lines = tuple(part.line for part in grid.parts)
    letters = sum(len(line.text) for line in lines)
    sure = sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0
    return Block(
        text=text_of(table.cells),
        box=table.box,
        confidence=min(1.0, sure),
        type=BlockType.TABLE,
        lines=lines,
        table=index,
    )


def text_of(cells: Sequence[Cell]) -> str:
    """The cells row by row, tabs between columns; a cell that spans several stands in the first."""
    rows = max((cell.row + 1 for cell in cells), default=0)
    columns = max((cell.column + 1 for cell in cells), default=0)
    texts = [[""] * columns for _ in range(rows)]
    for cell in cells:
        texts[cell.row][cell.column] = cell.text
    return "\n".join("\t".join(row).rstrip("\t") for row in texts)


def _closed_up(slot: Slot, rows: Sequence[int], columns: Sequence[int]) -> Slot:
    """The slot without the rows and columns in which none begins: between double rules, at a frame's side."""
    row, rowspan = _among(slot.row, slot.rowspan, rows)
    column, colspan = _among(slot.column, slot.colspan, columns)
    return replace(slot, row=row, column=column, rowspan=rowspan, colspan=colspan)


def _among(start: int, span: int, kept: Sequence[int]) -> tuple[int, int]:
    first = bisect_left(kept, start)
    return first, bisect_left(kept, start + span) - first


def _cell(slot: Slot, table: Box, spaced: bool) -> Cell:
    box = Box(table.x0, table.y0, table.x0, table.y0)
    if slot.parts:
        box = Box.around(part.line.box for part in slot.parts)
    text = (" " if spaced else "").join(part.line.text for part in slot.parts)
    return Cell(text, box, slot.row, slot.column, slot.rowspan, slot.colspan)
