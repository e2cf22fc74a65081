"""Documents to ask, made of words alone or printed at places."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.answers import Answer, Asked, PageRanks, answer_of
from ocrchat.model import Block, BlockType, Box, Line, Page, Word

HIGH, WIDE = 20, 10
"""Pixels of a printed line and of a letter."""


def page_of(text: str, index: int = 0, language: str | None = "en") -> Page:
    """A page of which only the text is known, as one that somebody corrected."""
    return Page(index=index, width=1000, height=1000, text=text, language=language)


def printed_at(pieces: Sequence[tuple[int, int, str]], language: str = "en") -> Page:
    """A page of blocks of one line, each at (column, row) of letters, in the order given."""
    blocks = tuple(_block(column * WIDE, row * 2 * HIGH, text) for column, row, text in pieces)
    text = "\n\n".join(block.text for block in blocks)
    return Page(0, 2000, 2000, text, blocks=blocks, language=language)


def ask(pages: Sequence[Page], message: str, before: str | None = None) -> Answer:
    """The answer of a document."""
    ranks = PageRanks(page.text for page in pages)
    return answer_of(Asked(message, before), ranks, lambda places: [pages[place] for place in places])


def _block(x: int, y: int, text: str) -> Block:
    words, across = [], x
    for word in text.split(" "):
        words.append(Word(word, Box(across, y, across + WIDE * len(word), y + HIGH), 1.0))
        across += WIDE * (len(word) + 1)
    box = Box.around(word.box for word in words)
    return Block(text, box, 1.0, BlockType.PARAGRAPH, lines=(Line(text, box, 1.0, tuple(words)),))
