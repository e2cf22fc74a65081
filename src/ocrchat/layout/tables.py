"""Find the tables of a page: drawn in cells, between level rules, or by their columns alone."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.grid import Grid, is_figure
from ocrchat.layout.parts import Part, usual_height, without_leaders
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.ruled import ruled_grids
from ocrchat.layout.rules import Rule, Rules
from ocrchat.layout.table_text import grid_of_text, is_running_text, text_rows

CLEAR_GAP = 0.9
"""Times the height of a line: the space between columns from which a line counts as a table's."""
MOST_BETWEEN = 2
"""Lines without columns in a row that a table without rules may hold: titles of groups, wrapped cells."""


def drawn_tables(parts: Sequence[Part], rules: Rules, flow: Flow) -> list[Grid]:
    """The tables that rules show, in no order; to be found before the page is cut into columns."""
    grids = ruled_grids(parts, rules, flow)
    left = without(parts, grids)
    return [*grids, *_between_levels(left, rules, flow)]


def open_tables(parts: Sequence[Part], flow: Flow) -> list[Grid]:
    """The tables of one region that no rules show, from the top."""
    parts = without_leaders(parts, flow)
    if not parts:
        return []
    letter = usual_height(parts)
    grids = []
    for run in _runs(text_rows(parts, CLEAR_GAP * letter, flow), letter):
        grid = _trimmed(run, letter, flow)
        if grid is not None and _is_table(grid):
            grids.append(grid)
    return grids


def without(parts: Sequence[Part], grids: Sequence[Grid]) -> list[Part]:
    """The parts that stand in none of the tables."""
    return [
        part
        for part in parts
        if not any(grid.x0 <= part.centre <= grid.x1 and grid.y0 <= part.middle <= grid.y1 for grid in grids)
    ]


def _between_levels(parts: Sequence[Part], rules: Rules, flow: Flow) -> list[Grid]:
    letter = usual_height(parts)
    grids: list[Grid] = []
    for stack in _stacks(rules.level, letter):
        start, end = stack[0].start, stack[0].end
        column = [part for part in parts if start - letter <= part.centre <= end + letter]
        for top, bottom in _tabular(stack, column, letter, flow):
            top, bottom = _reach(top, bottom, stack, column, letter, flow)
            inside = without_leaders([part for part in column if top < part.middle < bottom], flow)
            levels = [
                rule
                for rule in rules.level
                if top - 2 <= rule.at <= bottom + 2 and rule.end > start and rule.start < end
            ]
            grid = grid_of_text(inside, levels, flow)
            if grid is None or is_running_text(grid) or not without(grid.parts, grids):
                continue
            grids.append(
                Grid(min(start, grid.x0), top, max(end, grid.x1), bottom, grid.slots, grid.header_rows)
            )
            parts = without(parts, grids[-1:])
            column = without(column, grids[-1:])
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
    return found


def _reach(
    top: float, bottom: float, stack: Sequence[Rule], parts: Sequence[Part], letter: float, flow: Flow
) -> tuple[float, float]:
    """The table's top and bottom, moved over rows in columns just outside its outermost rules."""
    if bottom == stack[-1].at:
        for row in text_rows([part for part in parts if part.middle > bottom], CLEAR_GAP * letter, flow):
            if len(row) < 2 or min(part.y0 for part in row) - bottom > letter:
                break
            bottom = max(part.y1 for part in row) + 0.1
    if top == stack[0].at:
        rows = text_rows([part for part in parts if part.middle < top], CLEAR_GAP * letter, flow)
        if rows and len(rows[-1]) > 1 and top - max(part.y1 for part in rows[-1]) < letter:
            top = min(part.y0 for part in rows[-1]) - 0.1
    return top, bottom


def _runs(rows: Sequence[list[Part]], letter: float) -> list[list[list[Part]]]:
    """Lines of text in a row most of which have several chunks."""
    runs: list[list[list[Part]]] = []
    run: list[list[Part]] = []
    waiting: list[list[Part]] = []
    for row in rows:
        near = not run or _distance((waiting or run)[-1], row) < 2.5 * letter
        if len(row) > 1 and near:
            run += [*waiting, row] if run else [row]
            waiting = []
        elif run and near and len(waiting) < MOST_BETWEEN:
            waiting.append(row)
        else:
            runs.append(run)
            run, waiting = ([row], []) if len(row) > 1 else ([], [])
    runs.append(run)
    return [run for run in runs if len(run) > 1]


def _trimmed(run: Sequence[list[Part]], letter: float, flow: Flow) -> Grid | None:
    """The table of a run, without lines at its start and end that run over its columns."""
    rows = list(run)
    while len(rows) > 1:
        grid = grid_of_text([part for row in rows for part in row], (), flow)
        if grid is None:
            return None
        over = [_runs_over(grid, row) for row in rows]
        if over[0]:
            rows.pop(0)
        elif over[-1]:
            rows.pop()
        else:
            return grid
    return None


def _runs_over(grid: Grid, row: Sequence[Part]) -> bool:
    """Whether a line of text fills most of a table's width without regard to its columns."""
    top, bottom = min(part.y0 for part in row), max(part.y1 for part in row)
    spans = [slot.colspan for slot in grid.slots if any(top <= part.middle <= bottom for part in slot.parts)]
    width = sum(part.width for part in row)
    return bool(spans) and max(spans) >= 0.6 * grid.size[1] > 1 and width > 0.6 * (grid.x1 - grid.x0)


def _distance(above: Sequence[Part], below: Sequence[Part]) -> float:
    return min(part.y0 for part in below) - max(part.y1 for part in above)


def _is_table(grid: Grid) -> bool:
    """Whether columns without any rule are meant as a table: enough rows, figures or short cells, no list."""
    rows, columns = grid.size
    if is_running_text(grid):
        return False
    filled = [slot for slot in grid.slots if slot.parts]
    body = [slot for slot in filled if slot.column > 0]
    full = sum(sum(slot.row == row for slot in filled) >= max(2, 0.6 * columns) for row in range(rows))
    figures = sum(is_figure(slot.text) for slot in body)
    shortness = statistics.median(len(slot.text) for slot in filled) if filled else 99
    if columns == 2:
        return (
            rows >= 3
            and full >= 3
            and full >= 0.6 * rows
            and figures >= 0.6 * len(body)
            and not _is_list(grid)
        )
    return rows >= 3 and full >= 3 and full >= 0.5 * rows and (figures >= 0.3 * len(body) or shortness < 25)


def _is_list(grid: Grid) -> bool:
    """Whether the first column holds nothing but bullets and numbers."""
    first = [slot.text for slot in grid.slots if slot.column == 0 and slot.parts]
    return all(len(text) <= 4 for text in first)
