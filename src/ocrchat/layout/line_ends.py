"""Tell lines that their author ended, as of an address or a poem, from lines that were broken to fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.blocks import Row

SAME_EDGE = 0.6
"""Line heights by which edges of lines that stand on one edge differ at most."""
ROOM, SPACE = 1.3, 1.0
"""Times the next line's first word, and line heights, that a line had left where its author ended it."""
MOST_FULL = 0.2
"""The share of the lines with less room than that, in the whole column, among lines that were ended."""
OWN_ENDS = 0.25
"""The share that ends before the block's own longest line, too far for broken lines."""
NARROW, FEW = 0.4, 6
"""The share of the column that is so little, in so few lines, that nobody breaks running text to fit it."""
MANY = 8
"""Lines from which the longest of them, which alone tell where the column ends, are ended as the rest is."""
FAR_IN = 0.5
"""The share of the column before lines that begin too far in for running text."""
EVEN, LEAST_EVEN = 0.1, 0.75
"""Lines that end so close to the longest, and their share, are broken to fit whatever the column is."""
_BROKEN = re.compile(r"[^\W\d_][-\u2010\u00ad]$")
_HYPHENS = frozenset("-\u2010\u00ad")


def ended(rows: Sequence[Row], reach: tuple[float, float]) -> tuple[bool, ...]:
    """Which lines of a paragraph are lines and no flow; `reach` is from where to where its column runs.

    They are where nearly each had room for the word after it, and where they also end at different places or
    take little of the column; one without that room runs on, but among many. It is decided by lengths alone.
    """
    none = (False,) * len(rows)
    if len(rows) < 2 or any(_is_broken(row.line.text) for row in rows[:-1]):
        return none
    height = sorted(row.height for row in rows)[len(rows) // 2]
    count = len(rows) - 1
    wanted = [ROOM * _first_word(row) + SPACE * height for row in rows[1:]]
    column = _rooms(rows, reach, SAME_EDGE * height)
    had_room = [room > want for room, want in zip(column, wanted, strict=True)]
    if had_room.count(False) > MOST_FULL * count:
        return none
    longest = max(row.x1 - row.x0 for row in rows)
    own = [longest - (row.x1 - row.x0) for row in rows[:-1]]
    early = sum(room > want for room, want in zip(own, wanted, strict=True))
    is_even = count > 2 and sum(room < EVEN * longest for room in own) >= LEAST_EVEN * count
    is_narrow = len(rows) <= FEW and longest < NARROW * (reach[1] - reach[0]) and not is_even
    if not (is_narrow or (early and early >= OWN_ENDS * count)):
        return none
    return (*([True] * count if count >= MANY else had_room), True)


def _is_broken(text: str) -> bool:
    return text.rstrip("\n")[-1:] in _HYPHENS and _BROKEN.search(text) is not None


def _rooms(rows: Sequence[Row], reach: tuple[float, float], near: float) -> list[float]:
    """What each line but the last leaves of the column at its end.

    On both sides where lines are centred, or begin so far in that their place was chosen.
    """
    left, right = reach
    starts, ends = [row.x0 for row in rows], [row.x1 for row in rows]
    is_centred = max(starts) - min(starts) > near and _is_straight([r.x0 + r.x1 for r in rows], 2 * near)
    if is_centred or min(starts) - left > FAR_IN * (right - left):
        return [right - left - (row.x1 - row.x0) for row in rows[:-1]]
    if max(starts) - min(starts) > near and max(ends) - min(ends) <= near:
        return [row.x0 - left for row in rows[:-1]]
    return [right - row.x1 for row in rows[:-1]]


def _is_straight(places: Sequence[float], near: float) -> bool:
    return all(abs(one - other) <= near for one, other in pairwise(places))


def _first_word(row: Row) -> float:
    """Its length along the line, in pixels."""
    words, text = row.line.words, row.line.text
    share = len(words[0].text) / max(1, len(text)) if words else 1.0
    return share * (row.x1 - row.x0)
