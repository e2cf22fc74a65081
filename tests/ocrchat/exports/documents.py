"""Documents that the tests write down."""

from __future__ import annotations

import io

from ocrchat.exports import Cutting, format_named, reading_of
from ocrchat.exports.reading import no_picture
from ocrchat.model import Block, Box, Document, EngineStamp, Line, Page, Word
from ocrchat.model.document import BlockType
from ocrchat.model.table import Cell, Table

LETTER = 20
"""Pixels that a letter is wide."""


def written(name: str, document: Document, title: str = "a title", cut: Cutting = no_picture) -> bytes:
    """The document in a format."""
    with io.BytesIO() as file:
        format_named(name).write(reading_of(document, title, cut), file)
        return file.getvalue()


def line(
    text: str,
    x: int = 100,
    y: int = 100,
    height: int = 40,
    *,
    bold: bool = False,
    italic: bool = False,
    link: str | None = None,
) -> Line:
    """A line of words that are as wide as their letters."""
    words, at = [], x
    for word in text.split():
        end = at + LETTER * len(word)
        words.append(Word(word, Box(at, y, end, y + height), 0.9, bold, italic, link))
        at = end + LETTER
    return Line(text, Box(x, y, max(x + 1, at - LETTER), y + height), 0.9, tuple(words))


def block(
    *texts: str,
    x: int = 100,
    y: int = 100,
    kind: BlockType = BlockType.PARAGRAPH,
    level: int | None = None,
    bold: bool = False,
    italic: bool = False,
    link: str | None = None,
) -> Block:
    """A block of lines, one below the other."""
    lines = tuple(
        line(text, x, y + 60 * row, bold=bold, italic=italic, link=link) for row, text in enumerate(texts)
    )
    return Block("\n".join(texts), Box.around(each.box for each in lines), 0.9, kind, level, lines)


def table(*rows: str, header_rows: int = 0) -> Table:
    """A table whose rows are cells parted by `|`; a cell `^` is spanned from above, `<` from the left."""
    grid = [[text.strip() for text in row.split("|")] for row in rows]
    cells = []
    for y, row in enumerate(grid):
        for x, text in enumerate(row):
            if text not in ("^", "<"):
                down = across = 1
                while y + down < len(grid) and grid[y + down][x] == "^":
                    down += 1
                while x + across < len(row) and row[x + across] == "<":
                    across += 1
                box = Box(100 + 300 * x, 100 + 60 * y, 100 + 300 * (x + across), 100 + 60 * (y + down))
                cells.append(Cell(text, box, y, x, down, across))
    return Table(Box.around(cell.box for cell in cells), tuple(cells), "", header_rows)


def table_block(of: Table, place: int = 0) -> Block:
    """The block that stands for a table of its page."""
    return Block(" ".join(cell.text for cell in of.cells), of.box, 0.9, BlockType.TABLE, table=place)


def page(*blocks: Block, index: int = 0, tables: tuple[Table, ...] = (), language: str | None = "en") -> Page:
    """A page of A4 at 200 dpi."""
    text = "\n\n".join(each.text for each in blocks)
    return Page(index, 1654, 2339, text, text, blocks, tables, confidence=0.9, dpi=200.0, language=language)


def document(*pages: Page) -> Document:
    """A document that the scripted engine might have read."""
    return Document(pages, EngineStamp("scripted", "1"))


def sample() -> Document:
    """Two pages with a heading, a paragraph, a list, a table with spans, and a page in Arabic."""
    prices = table("Item | Price | Note", "Pens | 1.234,56 | ^", "Sum | < | ok", header_rows=1)
    first = page(
        block("Offer", kind=BlockType.HEADING, level=1, y=60),
        block("These goods are sent to you as", "you have ordered them.", y=200),
        block("• one", kind=BlockType.LIST, level=1, y=400),
        block("• two", kind=BlockType.LIST, level=2, y=460),
        block("strong", y=600, bold=True, link="https://example.org/a?b=1&c=2"),
        table_block(prices),
        tables=(prices,),
    )
    return document(first, page(block("مرحبا بالعالم"), index=1, language="ar"))
