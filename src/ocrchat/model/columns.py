"""Make many frozen values of one kind at once, of the columns of their fields."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import repeat
from typing import Any, TypeVar

Value = TypeVar("Value")


def many(kind: type[Value], count: int, *columns: Iterable[Any]) -> list[Value]:
    """So many values of a dataclass with slots, and no `__post_init__`, a column for each field in turn.

    Each column gives at least `count` values; `repeat(value)` is one of the same. A third of the time that
    calls take: a page of text has a thousand words, and calling is most of what making one costs.
    """
    made = list(map(kind.__new__, repeat(kind, count)))
    fields: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]  # every such dataclass has them
    for name, column in zip(fields, columns, strict=True):
        deque(map(getattr(kind, name).__set__, made, column), maxlen=0)
    return made
