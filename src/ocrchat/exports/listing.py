"""Tell the marks of list items from what they say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from ocrchat.exports.flow import spans_of
from ocrchat.model import Block
from ocrchat.model.spans import Span

_MARK = re.compile(r"\s*(?:([•◦▪▫●○■□‣⁃·*–—-])|(\d{1,4})([.)]))\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: what it says without its mark, and the mark: a number, a bullet, or neither.

    `level` is its depth from 1, `ending` what follows its number. An item with neither has its mark,
    whatever that is, in its text.
    """

    spans: tuple[Span, ...]
    level: int
    number: int | None = None
    ending: str = ""
    bullet: str = ""


def items_of(blocks: Sequence[Block], *, spaced: bool, words: Collection[str] = ()) -> tuple[Item, ...]:
    """The items that the blocks of a list are; `words` are the document's (see `spans_of`)."""
    return tuple(_item(block, spaced, words) for block in blocks)


def _item(block: Block, spaced: bool, words: Collection[str]) -> Item:
    spans = spans_of(block, spaced=spaced, words=words)
    level = min(max(block.level or 1, 1), 9)
    mark = _MARK.match("".join(span.text for span in spans))
    if not mark:
        return Item(spans, level)
    number = int(mark[2]) if mark[2] else None
    return Item(_without(spans, mark.end()), level, number, mark[3] or "", mark[1] or "")


def _without(spans: tuple[Span, ...], count: int) -> tuple[Span, ...]:
    """The spans without their first `count` characters."""
    left = []
    for span in spans:
        cut = min(count, len(span.text))
        count -= cut
        if cut < len(span.text):
            left.append(replace(span, text=span.text[cut:]))
    return tuple(left)
