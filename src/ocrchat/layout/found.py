"""What is found on a page, from top to bottom: paragraphs, tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocrchat.layout.blocks import Group
from ocrchat.layout.grid import Grid
from ocrchat.model import Box

Found = Group | Grid
"""A paragraph or a table."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: its rectangle in the frame of reading, without skew, and its place on the page."""

    x0: float
    y0: float
    x1: float
    y1: float
    box: Box

    @property
    def area(self) -> float:
        """Square pixels."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


Shown = Found | Figure
"""A paragraph, a table or a figure."""


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
