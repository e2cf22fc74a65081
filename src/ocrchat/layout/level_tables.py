"""Find tables that level rules alone show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.grid import Grid, without
from ocrchat.layout.parts import Part, usual_height, without_leaders
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rule, Rules
from ocrchat.layout.table_reach import extended, reach
from ocrchat.layout.table_sense import is_table_between_levels
from ocrchat.layout.table_text import CLEAR_GAP, grid_of_text, text_rows

HIGHEST_TITLE = 3
"""Times the height of a line: the stretch between rules that a title within a table takes."""


def level_tables(parts: Sequence[Part], rules: Rules, flow: Flow) -> list[Grid]:
    """The tables between level rules of one width in which most lines of text stand in columns."""
    letter = usual_height(parts)
    grids: list[Grid] = []
    for stack in _stacks(rules.level, letter):
        start, end = stack[0].start, stack[0].end
        column = [part for part in parts if start - letter <= part.centre <= end + letter]
        for top, bottom in _tabular(stack, column, letter, flow):
            top, bottom = reach(top, bottom, stack, column, letter, flow)
            inside = without_leaders([part for part in column if top < part.middle < bottom], flow)
            levels = [
                rule
                for rule in rules.level
                if top - 2 <= rule.at <= bottom + 2 and rule.end > start and rule.start < end
            ]
            grid = grid_of_text(inside, levels, flow)
            if grid is None or not is_table_between_levels(grid) or not without(grid.parts, grids, flow):
                continue
            grids.append(
                Grid(min(start, grid.x0), top, max(end, grid.x1), bottom, grid.slots, grid.header_rows)
            )
            parts = without(parts, grids[-1:], flow)
            column = without(column, grids[-1:], flow)
    return grids


def _stacks(levels: Sequence[Rule], letter: float) -> list[list[Rule]]:
    """Level rules of the same start and end, from the top; at least two, the widest first."""
    stacks: list[list[Rule]] = []
    for rule in sorted(levels, key=lambda each: each.at):
        if rule.length < 6 * letter:
            continue
        for stack in stacks:
            if (
                abs(stack[0].start - rule.start) < 1.5 * letter
                and abs(stack[0].end - rule.end) < 1.5 * letter
            ):
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return sorted((stack for stack in stacks if len(stack) > 1), key=lambda stack: -stack[0].length)


def _tabular(
    stack: Sequence[Rule], parts: Sequence[Part], letter: float, flow: Flow
) -> list[tuple[float, float]]:
    """From which rule to which the text stands in columns."""
    found: list[tuple[float, float]] = []
    for upper, lower in pairwise(stack):
        inside = [part for part in parts if upper.at < part.middle < lower.at]
        rows = text_rows(inside, CLEAR_GAP * letter, flow)
        several = sum(len(row) > 1 for row in rows)
        is_tabular = several >= max(1, 0.4 * len(rows)) if rows else lower.at - upper.at < letter
        if not is_tabular:
            continue
        if found and found[-1][1] == upper.at:
            found[-1] = (found[-1][0], lower.at)
        else:
            found.append((upper.at, lower.at))
    found = _over_titles(found, parts, letter, flow)
    return [extended(each, stack, parts, letter, flow) for each in found]


def _over_titles(
    found: Sequence[tuple[float, float]], parts: Sequence[Part], letter: float, flow: Flow
) -> list[tuple[float, float]]:
    """The stretches, those made one that are parted by no more than a title on one line."""
    joined: list[tuple[float, float]] = list(found[:1])
    for upper, lower in pairwise(found):
        between = [part for part in parts if upper[1] < part.middle < lower[0]]
        rows = text_rows(between, CLEAR_GAP * letter, flow)
        if len(rows) == 1 and len(rows[0]) == 1 and lower[0] - upper[1] < HIGHEST_TITLE * letter:
            joined[-1] = (joined[-1][0], lower[1])
        else:
            joined.append(lower)
    return joined
