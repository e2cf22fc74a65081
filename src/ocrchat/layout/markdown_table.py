"""Write a table as Markdown: with pipes, or as HTML where cells span others."""

from __future__ import annotations

from ocrchat.layout.inline import escaped
from ocrchat.model import Table


def markdown_of_table(table: Table) -> str:
    """A pipe table (GitHub Flavored Markdown 0.29, section 4.10); HTML where it could not say all."""
    if table.header_rows > 1 or any(cell.rowspan > 1 or cell.colspan > 1 for cell in table.cells):
        return table.html.replace("<tr>", "\n<tr>").replace("</table>", "\n</table>")
    columns = max((cell.column + 1 for cell in table.cells), default=0)
    rows = [[""] * columns for _ in range(max((cell.row + 1 for cell in table.cells), default=0))]
    for cell in table.cells:
        rows[cell.row][cell.column] = escaped(cell.text).replace("\n", "<br>")
    if not table.header_rows:
        rows.insert(0, [""] * columns)
    rows.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
