"""Tell headings by their size and weight, and rank them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from ocrchat.layout.blocks import Group
from ocrchat.layout.found import Found
from ocrchat.model import BlockType

LARGE, LARGE_AND_BOLD = 1.3, 0.9
"""Times the height of the page's usual line from which a short paragraph is a heading."""
MOST_ROWS = 3
SAME_SIZE = 0.92
"""Headings of one level differ by no more: their boxes are whole pixels, and OCR's less sure."""
DEEPEST = 6
LONGEST = 120
"""Characters of a heading that is no larger than the text around it."""
_BOLD, _TEXT = attrgetter("bold"), attrgetter("text")
MOST_BOLD = 0.4
"""The share of a page's letters in bold from which weight says nothing."""


def with_headings(found: Sequence[Found], body: float) -> tuple[Found, ...]:
    """The paragraphs and tables of a whole page, short and clearly larger or bold paragraphs as headings.

    The largest have level 1. `body` is the height of the page's usual line.
    """
    weighs = _weight_tells(found)
    sizes = [_size(each, body, weighs) if isinstance(each, Group) else None for each in found]
    ranks = _ranks([size for size in sizes if size is not None])
    return tuple(
        replace(each, type=BlockType.HEADING, level=min(DEEPEST, ranks.index(_class_of(size, ranks)) + 1))
        if size is not None and isinstance(each, Group)
        else each
        for each, size in zip(found, sizes, strict=True)
    )


def _size(group: Group, body: float, weighs: bool) -> float | None:
    """The height of a heading's letters; None for what is no heading."""
    if group.type is not BlockType.PARAGRAPH or len(group.rows) > MOST_ROWS:
        return None
    text = " ".join(row.line.text for row in group.rows)
    if sum(map(str.isalpha, text)) < 2:
        return None
    if group.height > LARGE * body:
        return group.height
    is_title = weighs and all(row.is_bold for row in group.rows) and len(text) < LONGEST
    is_title = is_title and text[-1] not in ".,;" and group.height > LARGE_AND_BOLD * body
    return group.height if is_title else None


def _ranks(sizes: Sequence[float]) -> list[float]:
    """The largest of each group of sizes that are about the same, the largest first."""
    ranks: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not ranks or size < SAME_SIZE * ranks[-1]:
            ranks.append(size)
    return ranks


def _class_of(size: float, ranks: Sequence[float]) -> float:
    return min((rank for rank in ranks if size >= SAME_SIZE * rank), key=lambda rank: abs(rank - size))


def _weight_tells(found: Sequence[Found]) -> bool:
    groups = [each for each in found if isinstance(each, Group)]
    words = [word for group in groups for row in group.rows for word in row.line.words]
    letters = sum(map(len, map(_TEXT, words)))
    return sum(map(len, map(_TEXT, filter(_BOLD, words)))) < MOST_BOLD * letters
