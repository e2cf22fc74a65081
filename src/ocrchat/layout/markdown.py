"""Write blocks as Markdown that reads as the page does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocrchat.model import Block, BlockType, Line, Table

_INLINE = re.compile(r"([\\`*_\[\]<>|~$])")
_AT_START = re.compile(r"^(\s*)([#+-]|=+$)")
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def markdown_of(blocks: Sequence[Block], tables: Sequence[Table] = (), *, spaced: bool = True) -> str:
    """The blocks with an empty line between them; `spaced` is False for scripts without word spaces."""
    return "\n\n".join(
        markdown_of_table(tables[block.table]) if block.table is not None else _block(block, spaced)
        for block in blocks
        if block.text
    )


def escaped(text: str) -> str:
    """One line of plain text that Markdown shows as it is (CommonMark 0.31, section 2.4)."""
    text = _ENTITY.sub(r"\\&", _INLINE.sub(r"\\\1", text))
    text = _AT_START.sub(r"\1\\\2", text)
    return _NUMBERED.sub(r"\1\\\2", text)


def markdown_of_table(table: Table) -> str:
    """A pipe table (GitHub Flavored Markdown 0.29, section 4.10); HTML where cells span others."""
    columns = max((cell.column + 1 for cell in table.cells), default=0)
    if table.header_rows > 1 or any(cell.rowspan > 1 or cell.colspan > 1 for cell in table.cells):
        return table.html.replace("<tr>", "\n<tr>").replace("</table>", "\n</table>")
    rows = [[""] * columns for _ in range(max((cell.row + 1 for cell in table.cells), default=0))]
    for cell in table.cells:
        rows[cell.row][cell.column] = escaped(cell.text).replace("\n", "<br>")
    if not table.header_rows:
        rows.insert(0, [""] * columns)
    rows.insert(1, ["---"] * columns)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _block(block: Block, spaced: bool) -> str:
    if block.type is BlockType.HEADING:
        text = " ".join(escaped(line.text) for line in block.lines)
        return f"{'#' * (block.level or 1)} {text}"
    return _paragraph(block.lines, spaced)


def _paragraph(lines: Sequence[Line], spaced: bool) -> str:
    """Lines run on where the paragraph was broken to fit, and end where its author ended them."""
    left, right = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    parts: list[str] = []
    for place, line in enumerate(lines):
        parts.append(escaped(line.text))
        if place + 1 < len(lines):
            parts.append(_joint(line, lines[place + 1], (left, right), spaced))
    return "".join(parts)


def _joint(line: Line, following: Line, column: tuple[int, int], spaced: bool) -> str:
    left, right = column
    room = min(right - line.box.x1, max(0, right - left - line.box.width))
    first_word = following.words[0].box.width if following.words else 0
    if room > max(0.1 * (right - left), 1.3 * first_word + line.box.height):
        return "\\\n"
    if not spaced:
        return ""
    return "\n"
