"""Places on a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels of the page image: origin top-left, y down, x0 <= x < x1."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Pixels from left to right; never negative for a box that `around` or `clipped` made."""
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.y1 - self.y0

    @property
    def area(self) -> int:
        """Square pixels; 0 for an empty box."""
        return max(0, self.width) * max(0, self.height)

    def intersection(self, other: Box) -> Box:
        """What both cover; empty (area 0) when they do not meet."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Box(x0, y0, max(x0, min(self.x1, other.x1)), max(y0, min(self.y1, other.y1)))

    def clipped(self, width: int, height: int) -> Box:
        """The part inside a page of that size."""
        return self.intersection(Box(0, 0, width, height))

    @staticmethod
    def around(boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of them; at least one is needed."""
        each = tuple(boxes)
        return Box(
            min(box.x0 for box in each),
            min(box.y0 for box in each),
            max(box.x1 for box in each),
            max(box.y1 for box in each),
        )
