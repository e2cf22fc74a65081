"""What is found on a page, from top to bottom: paragraphs and tables."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.layout.blocks import Group
from ocrchat.layout.grid import Grid

Found = Group | Grid
"""A paragraph or a table."""


def body_height(found: Sequence[Found]) -> float:
    """The height of the page's usual line in pixels, weighted by characters; at least 1."""
    heights = sorted(
        (line.height, len(line.line.text))
        for each in found
        for line in (each.rows if isinstance(each, Group) else each.parts)
    )
    half, passed = sum(count for _, count in heights) / 2, 0
    for height, count in heights:
        passed += count
        if passed >= half and count:
            return max(1.0, height)
    return 1.0
