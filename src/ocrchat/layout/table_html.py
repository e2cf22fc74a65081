"""Write a table's cells as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ocrchat.model import Cell


def html_of(cells: Sequence[Cell], header_rows: int) -> str:
    """The cells, which are in row-major order and leave no gap, as a table with spans, without line feeds."""
    rows = [""] * max((cell.row + cell.rowspan for cell in cells), default=0)
    for cell in cells:
        name = "th" if cell.row < header_rows else "td"
        rows[cell.row] += f"<{name}{_spans(cell)}>{_text(cell)}</{name}>"
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _spans(cell: Cell) -> str:
    down = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    return down + (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "")


def _text(cell: Cell) -> str:
    return escape(cell.text, quote=False).replace("\n", "<br>")
