"""Rank the headings of a whole document by the size of their letters, where text layers tell it."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping

from ocrchat.model.document import Block, BlockType, Page, Source

_SAME = 0.92
"""Headings of one level differ by no more: their boxes are whole pixels."""
_DEEPEST = 6
_STEP = 4
"""Parts of a point to which sizes are told."""
_HIGH = 842.0
"""Points of a page's height where nobody knows its resolution."""

Sizes = Counter[float]
"""How many headings there are of each size in points."""


def size_of(block: Block, page: Page) -> float | None:
    """The height of a heading's lines in points; None where it is not known.

    Boxes of a scan are higher where a line is longer and the page stands askew, and say little.
    """
    if block.type is not BlockType.HEADING or page.source is not Source.TEXT_LAYER or not block.lines:
        return None
    pixels = statistics.median(line.box.height for line in block.lines)
    points = pixels * (72 / page.dpi if page.dpi else _HIGH / max(1, page.height))
    return round(points * _STEP) / _STEP


def levels_of(sizes: Mapping[float, int]) -> dict[float, int]:
    """The level of each size: the largest have 1.

    Sizes that are about the same are one level, around the one that most headings are near to.
    """
    levels: dict[float, int] = {}
    left = dict(sizes)
    classes: list[list[float]] = []
    while left:
        _, middle = max((sum(left[near] for near in _near(size, left)), size) for size in left)
        classes.append(_near(middle, left))
        for size in classes[-1]:
            del left[size]
    for level, members in enumerate(sorted(classes, reverse=True), 1):
        levels.update(dict.fromkeys(members, min(level, _DEEPEST)))
    return levels


def _near(size: float, sizes: Mapping[float, int]) -> list[float]:
    return [other for other in sizes if size * _SAME <= other <= size / _SAME]
