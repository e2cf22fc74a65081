"""Lay the cells of a table out in full rows, whatever spans and gaps it has."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.exports.clean import cleaned
from ocrchat.model import Table

MOST_ROWS, MOST_COLUMNS = 100_000, 16_000
"""Of a table that is written down; what lies beyond is no table."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell with spans that fit, or an empty one where the table has none; `row`, `column` from 0."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's slots row by row: each place of the grid is covered by exactly one."""

    rows: tuple[tuple[Slot, ...], ...]
    columns: int
    header_rows: int

    def texts(self) -> list[list[str]]:
        """The rows as texts: a cell's text at its first place, nothing at the others it spans."""
        texts = [[""] * self.columns for _ in self.rows]
        for row in self.rows:
            for slot in row:
                texts[slot.row][slot.column] = slot.text
        return texts


def grid_of(table: Table) -> Grid:
    """The table's grid; of cells that overlap the first has the place, empty slots fill the gaps."""
    cells = [
        cell
        for cell in table.cells
        if 0 <= cell.row < MOST_ROWS
        and 0 <= cell.column < MOST_COLUMNS
        and cell.rowspan > 0
        and cell.colspan > 0
    ]
    height = max((cell.row + 1 for cell in cells), default=0)
    width = max((min(cell.column + cell.colspan, MOST_COLUMNS) for cell in cells), default=0)
    taken: set[tuple[int, int]] = set()
    rows: list[list[Slot]] = [[] for _ in range(height)]
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        if (cell.row, cell.column) in taken:
            continue
        across = 1
        while across < cell.colspan and (cell.row, cell.column + across) not in taken:
            across += 1
        across = min(across, width - cell.column)
        down = 1
        while down < min(cell.rowspan, height - cell.row) and _is_free(
            taken, cell.row + down, cell.column, across
        ):
            down += 1
        taken.update((cell.row + y, cell.column + x) for y in range(down) for x in range(across))
        rows[cell.row].append(Slot(cleaned(cell.text), cell.row, cell.column, down, across))
    for row, slots in enumerate(rows):
        slots.extend(Slot("", row, column) for column in range(width) if (row, column) not in taken)
        slots.sort(key=lambda slot: slot.column)
    return Grid(tuple(map(tuple, rows)), width, min(table.header_rows, height))


def _is_free(taken: set[tuple[int, int]], row: int, column: int, across: int) -> bool:
    return all((row, column + x) not in taken for x in range(across))
