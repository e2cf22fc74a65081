"""Read the head of a table: which lines of text are in it, and over which columns its titles stand."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocrchat.layout.grid import Slot
from ocrchat.layout.parts import Part
from ocrchat.layout.rules import Rule
from ocrchat.layout.table_rows import Placed, PlacedRow

Columns = Sequence[tuple[float, float]]

UNDER_ALL = 0.85
"""The share of a table's width that a rule under all of its columns has."""


def is_under_all(rule: Rule, columns: Columns) -> bool:
    """Whether a level rule runs under all columns."""
    left, right = columns[0][0], columns[-1][1]
    return min(rule.end, right) - max(rule.start, left) >= UNDER_ALL * (right - left)


def head_of(rows: Sequence[PlacedRow], levels: Sequence[Rule], columns: Columns) -> int:
    """How many lines of text stand above the first rule that runs under the whole head."""
    for rule in sorted(levels, key=lambda each: each.at):
        if not is_under_all(rule, columns):
            continue
        above = sum(middle_of(row) < rule.at for row in rows)
        if 0 < above < len(rows):
            return above if above <= max(4, 0.4 * len(rows)) else 0
    return 0


def head_rows(rows: Sequence[PlacedRow], levels: Sequence[Rule], columns: Columns) -> list[list[Placed]]:
    """The head's lines of text as rows: apart where a rule or a title over several columns divides them."""
    joined: list[list[Placed]] = [list(row) for row in rows[:1]]
    for before, row in pairwise(rows):
        if _divided(before, row, levels, columns):
            joined.append(list(row))
        else:
            joined[-1].extend(row)
    spread = [_spread(upper, lower, levels, columns) for upper, lower in pairwise(joined)]
    return [*spread, *joined[-1:]]


def _divided(before: PlacedRow, row: PlacedRow, levels: Sequence[Rule], columns: Columns) -> bool:
    """Whether a new row starts: a rule stands between, or a title above spans columns named below."""
    top, bottom = middle_of(before), middle_of(row)
    if any(top < rule.at < bottom and _is_under(rule, before) for rule in levels):
        return True
    below = {placed.first for placed in row}
    titles = _spread(before, row, levels, columns)
    return any(len(below & set(range(title.first, title.last + 1))) > 1 for title in titles) or (
        any(placed.last > placed.first for placed in row)
    )


def _is_under(rule: Rule, row: PlacedRow) -> bool:
    return any(rule.start < placed.chunk.centre < rule.end for placed in row)


def _spread(upper: PlacedRow, lower: PlacedRow, levels: Sequence[Rule], columns: Columns) -> list[Placed]:
    """The upper row, its titles over all columns of their rule, or over those they stand centred on."""
    upper = list(upper)
    named = {column for placed in lower for column in range(placed.first, placed.last + 1)}
    top, bottom = middle_of(upper), middle_of(lower)
    for index, placed in enumerate(upper):
        chunk = placed.chunk
        under = [rule for rule in levels if top < rule.at < bottom and rule.start < chunk.centre < rule.end]
        taken = {c for other in upper if other is not placed for c in range(other.first, other.last + 1)}
        if under:
            rule = min(under, key=lambda each: each.at)
            inside = [
                i for i, (x0, x1) in enumerate(columns) if rule.start - 2 <= (x0 + x1) / 2 <= rule.end + 2
            ]
            if len(inside) > 1 and not taken & set(inside):
                upper[index] = Placed(chunk, inside[0], inside[-1])
            continue
        best, least = (placed.first, placed.last), _off_centre(chunk, placed.first, placed.last, columns)
        for first in range(placed.first + 1):
            for last in range(placed.last, len(columns)):
                span = set(range(first, last + 1))
                if span & taken or not span <= named | {placed.first} or len(span & named) < 2:
                    continue
                off = _off_centre(chunk, first, last, columns)
                is_wider = last - first > best[1] - best[0]
                if is_wider and placed.last > placed.first and off < least + 1.5 * chunk.height:
                    best = first, last
                elif off < 0.5 * least and off < least - chunk.height:
                    best, least = (first, last), off
        upper[index] = Placed(chunk, *best)
    return upper


def _off_centre(chunk: Part, first: int, last: int, columns: Columns) -> float:
    return abs(chunk.centre - (columns[first][0] + columns[last][1]) / 2)


def with_high_names(slots: Sequence[Slot], height: int) -> list[Slot]:
    """The slots, a column's one name in a head of several rows as high as the head."""
    whole: dict[int, Slot] = {}
    for column in {slot.column for slot in slots}:
        cells = [
            slot for slot in slots if slot.row < height and slot.column <= column < slot.column + slot.colspan
        ]
        named = [slot for slot in cells if slot.parts]
        if len(cells) == height > 1 and len(named) == 1 and all(slot.colspan == 1 for slot in cells):
            whole[column] = replace(named[0], row=0, rowspan=height)
    kept = [slot for slot in slots if slot.row >= height or slot.column not in whole]
    return sorted([*kept, *whole.values()], key=lambda slot: (slot.row, slot.column))


def _covers(slot: Slot, column: int) -> bool:
    return slot.column <= column < slot.column + slot.colspan


def middle_of(row: PlacedRow) -> float:
    """Half way down a row of chunks."""
    return statistics.fmean(placed.chunk.middle for placed in row)
