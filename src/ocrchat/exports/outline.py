"""Order a page into the parts that a reader sees: headings, paragraphs, lists, tables, figures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

from ocrchat.model import Block, BlockType, Box, Cell, Line, Page, Table, Word

Part = Block | tuple[Block, ...] | Table
"""A block, the items of one list, or a table."""

ASIDE = frozenset({BlockType.HEADER, BlockType.FOOTER, BlockType.PAGE_NUMBER})
"""What stands on a page beside its text, again and again."""


def parts_of(page: Page) -> Iterator[Part]:
    """The page's parts in reading order; list items that follow each other are one part.

    A page that has text but no blocks gives a paragraph for each of its own.
    """
    for is_list, blocks in groupby(_blocks(page), lambda block: block.type is BlockType.LIST):
        if is_list:
            yield tuple(blocks)
            continue
        for block in blocks:
            table = table_of(page, block)
            yield table if table is not None else block


def table_of(page: Page, block: Block) -> Table | None:
    """The table that a block stands for, if any."""
    if block.table is not None and 0 <= block.table < len(page.tables):
        return page.tables[block.table]
    return None


def tables_of(page: Page) -> tuple[Table, ...]:
    """The page's tables that have cells."""
    return tuple(table for table in page.tables if table.cells)


def lines_of(page: Page, block: Block) -> tuple[Line, ...]:
    """The lines of a block; where only its text is known, or its cells are, the best guess at them."""
    if block.lines:
        return block.lines
    if table_of(page, block) is not None:
        return tuple(line for _, lines in lines_of_cells(page, block) for line in lines if line.text)
    return _spread(block.text, block.box, block.confidence)


def lines_of_cells(page: Page, block: Block) -> tuple[tuple[Cell, tuple[Line, ...]], ...]:
    """The cells of the block's table in row-major order, each with its lines; nothing where it has none.

    Of a block that knows its lines each is in one cell: the one that its middle is in, else the nearest.
    """
    table = table_of(page, block)
    if table is None or not table.cells:
        return ()
    if not block.lines:
        return tuple((cell, _spread(cell.text, cell.box, block.confidence)) for cell in table.cells)
    lines: list[list[Line]] = [[] for _ in table.cells]
    for line in block.lines:
        distances = [_distance(line.box, cell.box) if cell.text else math.inf for cell in table.cells]
        lines[distances.index(min(distances))].append(line)
    return tuple((cell, tuple(found)) for cell, found in zip(table.cells, lines, strict=True))


def _distance(one: Box, other: Box) -> float:
    """From the middle of a box to another, 0 inside of it."""
    x, y = (one.x0 + one.x1) / 2, (one.y0 + one.y1) / 2
    return math.hypot(max(other.x0 - x, 0, x - other.x1), max(other.y0 - y, 0, y - other.y1))


def words_of(line: Line) -> tuple[Word, ...]:
    """The words of a line; where they are not known, its text's, spread by their length."""
    if line.words or not line.text.strip():
        return line.words
    words, at = [], 0
    step = line.box.width / len(line.text)
    for text in line.text.split():
        at = line.text.index(text, at)
        x0, x1 = (line.box.x0 + round(place * step) for place in (at, at + len(text)))
        words.append(Word(text, Box(x0, line.box.y0, max(x1, x0 + 1), line.box.y1), line.confidence))
        at += len(text)
    return tuple(words)


def words_and_spaces(line: Line) -> Iterator[tuple[Word, bool]]:
    """The words of a line, each with whether white space follows; it does after the last.

    Where words have none between them, as in Thai and Chinese, the line's own text tells.
    """
    words, at = words_of(line), 0
    for place, word in enumerate(words):
        found = line.text.find(word.text, at)
        if found < 0:
            yield word, True
            continue
        at = found + len(word.text)
        yield word, place + 1 == len(words) or not line.text.startswith(words[place + 1].text, at)


def _spread(text: str, box: Box, confidence: float) -> tuple[Line, ...]:
    """A line for each of the text's, one below the other in equal parts of the box."""
    texts = text.split("\n")
    edges = [box.y0 + round(row * box.height / len(texts)) for row in range(len(texts) + 1)]
    return tuple(
        Line(each, Box(box.x0, top, box.x1, max(end, top + 1)), confidence)
        for each, top, end in zip(texts, edges, edges[1:], strict=False)
    )


def _blocks(page: Page) -> Iterator[Block]:
    if page.blocks or not page.text:
        yield from page.blocks
        return
    whole = Box(0, 0, page.width, page.height)
    for paragraph in page.text.split("\n\n"):
        if paragraph.strip():
            yield Block(paragraph, whole, page.confidence)
