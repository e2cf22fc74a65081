"""Lay a page's blocks, words and cells over its text, so that every span of it has its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from ocrchat.model import Block, BlockType, Box, Cell, Page, Table

Span = tuple[int, int]
"""Offsets in a page's text, the second one past the end."""

READ_CLOSELY = 30_000
"""Characters of a page in which facts are looked for; a full page of print has some 5,000."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of the page, or a line where no words are known, and its box."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class PrintedBlock:
    """A part of the text that belongs together; `cells` are those of its table, with where each stands."""

    type: BlockType
    start: int
    end: int
    table: Table | None = None
    cells: tuple[tuple[Cell, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page's text with what stands where; `index` counts from 0 within the document.

    `pieces` are in the order of the text. Text that was corrected since it was read has the boxes of what
    still stands as it was read; text without any box is read by its lines and empty lines alone.
    """

    index: int
    text: str
    language: str | None
    blocks: tuple[PrintedBlock, ...]
    pieces: tuple[Piece, ...]

    def said(self, span: Span) -> str:
        """The text of a span."""
        return self.text[slice(*span)]

    def pieces_in(self, span: Span) -> tuple[Piece, ...]:
        """The pieces that a span touches."""
        first = bisect_right(self.pieces, span[0], key=lambda piece: piece.end)
        after = first
        while after < len(self.pieces) and self.pieces[after].start < span[1]:
            after += 1
        return self.pieces[first:after]

    def boxes(self, span: Span) -> tuple[Box, ...]:
        """One box for each printed line that the span touches, in pixels of the page image."""
        rows: list[Box] = []
        for piece in self.pieces_in(span):
            if rows and is_beside(rows[-1], piece.box):
                rows[-1] = Box.around([rows[-1], piece.box])
            else:
                rows.append(piece.box)
        return tuple(rows)


def printed(page: Page) -> PrintedPage:
    """The page with its blocks and words found in its text. Linear in the text."""
    blocks: list[PrintedBlock] = []
    pieces: list[Piece] = []
    cursor = 0
    for block in page.blocks:
        found = list(_pieces_of(page.text, block, cursor))
        start = page.text.find(block.text, cursor) if block.text.strip() else -1
        if start >= 0:
            end = start + len(block.text)
        elif found:
            start, end = found[0].start, max(piece.end for piece in found)
        else:
            continue
        table = page.tables[block.table] if block.table is not None else None
        cells = tuple(_cells_of(page.text, table, start, end)) if table else ()
        blocks.append(PrintedBlock(block.type, start, end, table, cells))
        pieces += found
        cursor = end
    if not blocks:
        blocks = [
            PrintedBlock(BlockType.PARAGRAPH, *found.span()) for found in _PARAGRAPH.finditer(page.text)
        ]
    ordered = tuple(sorted(pieces, key=lambda piece: piece.start))
    return PrintedPage(page.index, page.text, page.language, tuple(blocks), ordered)


def is_beside(one: Box, other: Box) -> bool:
    """Whether two boxes share over half of the lower one's height."""
    return min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5 * min(one.height, other.height)


_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")


def _pieces_of(text: str, block: Block, cursor: int) -> Iterator[Piece]:
    """The block's words, or its lines, that stand in the text after the cursor."""
    if not block.lines:
        start = text.find(block.text, cursor)
        if block.text and start >= 0:
            yield Piece(start, start + len(block.text), block.box)
        return
    for line in block.lines:
        start = text.find(line.text, cursor)
        here, limit = (start, start + len(line.text)) if start >= 0 else (cursor, cursor + 4 * len(line.text))
        found = []
        for word in line.words:
            place = text.find(word.text, here, limit) if word.text else -1
            if place >= 0:
                here = place + len(word.text)
                found.append(Piece(place, here, word.box))
        if not found and start >= 0 and line.text:
            found = [Piece(start, limit, line.box)]
        yield from found
        cursor = limit if start >= 0 else max(cursor, here)


def _cells_of(text: str, table: Table, start: int, end: int) -> Iterator[tuple[Cell, int, int]]:
    """The cells that stand in the table's part of the text, each where it is read."""
    cursor = start
    for cell in table.cells:
        wanted = cell.text.strip()
        place = text.find(wanted, cursor, end) if wanted else -1
        if place < 0 and wanted:
            place = text.find(wanted, start, end)
        if place >= 0:
            yield cell, place, place + len(wanted)
            cursor = max(cursor, place + len(wanted))
