"""Tell how far a table between level rules reaches beyond those that show it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.parts import Part
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rule
from ocrchat.layout.table_columns import columns_in, place_of
from ocrchat.layout.table_text import CLEAR_GAP, text_rows

TIGHT = 0.6
"""Times the height of a line: the most space above a line that goes on with the label above it."""
MOST_LABEL_LINES = 4


def extended(
    stretch: tuple[float, float], stack: Sequence[Rule], parts: Sequence[Part], letter: float, flow: Flow
) -> tuple[float, float]:
    """The same and the neighbouring stretches between rules whose text keeps to its columns."""
    top, bottom = stretch
    rows = text_rows([part for part in parts if top < part.middle < bottom], CLEAR_GAP * letter, flow)
    columns = columns_in(rows, letter)
    if len(columns) < 2:
        return stretch
    for upper, lower in pairwise(stack):
        if upper.at == bottom and _keeps_to(columns, upper.at, lower.at, parts, letter, flow):
            bottom = lower.at
    for upper, lower in reversed(list(pairwise(stack))):
        if lower.at == top and _keeps_to(columns, upper.at, lower.at, parts, letter, flow):
            top = upper.at
    return top, bottom


def _keeps_to(
    columns: Sequence[tuple[float, float]],
    top: float,
    bottom: float,
    parts: Sequence[Part],
    letter: float,
    flow: Flow,
) -> bool:
    rows = text_rows([part for part in parts if top < part.middle < bottom], CLEAR_GAP * letter, flow)
    places = [place_of(chunk, columns) for row in rows for chunk in row]
    return len({first for first, _ in places}) > 1 and all(first == last for first, last in places)


def reach(
    top: float, bottom: float, stack: Sequence[Rule], parts: Sequence[Part], letter: float, flow: Flow
) -> tuple[float, float]:
    """The table's top and bottom, moved over rows in columns just outside its outermost rules."""
    if bottom == stack[-1].at:
        bottom = _lowest(top, bottom, parts, letter, flow)
    if top == stack[0].at:
        rows = text_rows([part for part in parts if part.middle < top], CLEAR_GAP * letter, flow)
        if rows and len(rows[-1]) > 1 and top - max(part.y1 for part in rows[-1]) < letter:
            top = min(part.y0 for part in rows[-1]) - 0.1
    return top, bottom


def _lowest(top: float, bottom: float, parts: Sequence[Part], letter: float, flow: Flow) -> float:
    """The bottom of the last row in columns below a table that is not closed, its wrapped label included."""
    inside = text_rows([part for part in parts if top < part.middle < bottom], CLEAR_GAP * letter, flow)
    below = text_rows([part for part in parts if part.middle > bottom], CLEAR_GAP * letter, flow)
    columns = columns_in(inside, letter)
    second = columns[1][0] if len(columns) > 1 else float("inf")
    waiting: list[float] = []
    last = bottom
    for row in below:
        gap, end = min(part.y0 for part in row) - last, max(part.y1 for part in row)
        if gap > letter:
            break
        if len(row) > 1:
            bottom, waiting = end, []
            second = min(second, row[1].x0)
        elif row[0].x1 < second and gap < TIGHT * letter and len(waiting) < MOST_LABEL_LINES:
            waiting.append(end)
        else:
            break
        last = end
    return (waiting[-1] if waiting else bottom) + 0.1
