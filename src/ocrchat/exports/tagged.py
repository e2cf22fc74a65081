"""Divide a page into the pieces that a tagged PDF marks, each with its place in the document's structure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ocrchat.exports.outline import ASIDE, lines_of, lines_of_cells
from ocrchat.model import Block, BlockType, Line, Page

_TAGS = {
    BlockType.FIGURE: "Figure",
    BlockType.FORMULA: "Formula",
    BlockType.CAPTION: "Caption",
    BlockType.FOOTNOTE: "Note",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """Lines that are one element of the structure, at `path`: each step a type and, after a space, which one.

    The path of what is beside the text, headers and page numbers, is empty. A cell has the rows and columns
    that it spans, and its lines may be none.
    """

    path: tuple[str, ...]
    lines: tuple[Line, ...]
    rows: int = 1
    columns: int = 1


def marked_pieces(page: Page) -> Iterator[Marked]:
    """The page's pieces in reading order."""
    place = 0
    for is_list, blocks in groupby(page.blocks, lambda block: block.type is BlockType.LIST):
        if is_list:
            yield from _items(page, tuple(blocks), place)
            place += 1
            continue
        for block in blocks:
            yield from _pieces(page, block, place)
            place += 1


def _pieces(page: Page, block: Block, place: int) -> Iterator[Marked]:
    if cells := lines_of_cells(page, block):
        header_rows = page.tables[block.table or 0].header_rows
        for number, (cell, lines) in enumerate(cells):
            kind = "TH" if cell.row < header_rows else "TD"
            path = (f"Table {place}", f"TR {cell.row}", f"{kind} {number}")
            yield Marked(path, lines, cell.rowspan, cell.colspan)
    else:
        yield Marked(() if block.type in ASIDE else (f"{_tag(block)} {place}",), lines_of(page, block))


def _items(page: Page, blocks: Sequence[Block], place: int) -> Iterator[Marked]:
    """The items of a list; one that is deeper than the one before is in a list of its own inside that."""
    above: list[tuple[int, int]] = []
    for number, block in enumerate(blocks):
        level = max(block.level or 1, 1)
        while above and above[-1][0] >= level:
            above.pop()
        above.append((level, number))
        path: list[str] = []
        parent = place
        for _, item in above:
            path += [f"L {parent}", f"LI {item}", f"LBody {item}"]
            parent = item
        yield Marked(tuple(path), lines_of(page, block))


def _tag(block: Block) -> str:
    if block.type is BlockType.HEADING:
        return f"H{min(max(block.level or 1, 1), 6)}"
    return _TAGS.get(block.type, "P")
