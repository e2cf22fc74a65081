"""Tables: cells that know their place."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.model.geometry import Box


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `row` and `column` count from 0, spans from 1."""

    text: str
    box: Box
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table's cells in row-major order, each once whatever it spans; its head is `header_rows` high."""

    box: Box
    cells: tuple[Cell, ...]
    html: str = ""
    header_rows: int = 0
