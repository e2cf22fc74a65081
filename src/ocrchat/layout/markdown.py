"""Write blocks as Markdown that reads as the page does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ocrchat.layout.inline import ends_in_hyphen, escaped, run_on, vocabulary
from ocrchat.layout.item_marks import mark_of
from ocrchat.layout.markdown_table import markdown_of_table
from ocrchat.model import Block, BlockType, Line, Table

__all__ = ["escaped", "markdown_of"]

_DEEPER = 4
"""Spaces before an item for each list that it stands in: enough under any mark."""


def markdown_of(blocks: Sequence[Block], tables: Sequence[Table] = (), *, spaced: bool = True) -> str:
    """The blocks with an empty line between them, items of one list without.

    `spaced` is False for scripts without spaces between words.
    """
    lines = [line for block in blocks for line in block.lines]
    words = vocabulary(lines) if any(map(ends_in_hyphen, lines)) else frozenset[str]()
    parts: list[str] = []
    for is_list, group in groupby((b for b in blocks if b.text), lambda block: block.type is BlockType.LIST):
        if is_list:
            parts.append("\n".join(_item(block, words, spaced) for block in group))
        else:
            parts.extend(_block(block, tables, words, spaced) for block in group)
    return "\n\n".join(parts)


def _block(block: Block, tables: Sequence[Table], words: frozenset[str], spaced: bool) -> str:
    if block.table is not None:
        return markdown_of_table(tables[block.table])
    if block.type is BlockType.HEADING:
        text = run_on(block.lines, words, spaced=spaced, weighed=False).replace("\\\n", " ")
        return f"{'#' * (block.level or 1)} {text}"
    return run_on(block.lines, words, spaced=spaced)


def _item(block: Block, words: frozenset[str], spaced: bool) -> str:
    """An item with a mark that Markdown knows: its number, or a dash; letters are kept in its text."""
    mark = mark_of(block.lines[0].text)
    sign, lines = "-", block.lines
    if mark is not None and (mark.number is None or mark.kind in ("1.", "1)")):
        is_letter = mark.kind.strip("().").isalpha() and mark.kind != "o"
        if not is_letter:
            lines = (_without(lines[0], mark.length), *lines[1:])
            sign = f"{mark.number}{mark.kind[-1]}" if mark.number is not None else "-"
    indent = " " * (_DEEPER * ((block.level or 1) - 1))
    text = run_on(lines, words, spaced=spaced).replace("\n", f"\n{indent}{' ' * (len(sign) + 1)}")
    return f"{indent}{sign} {text}"


def _without(line: Line, length: int) -> Line:
    """The line without its first characters, and the words that they were."""
    kept = list(line.words)
    left = "".join(line.text[:length].split())
    while kept and left and left.startswith(kept[0].text):
        left = left[len(kept[0].text) :]
        kept.pop(0)
    return Line(line.text[length:], line.box, line.confidence, tuple(kept))
