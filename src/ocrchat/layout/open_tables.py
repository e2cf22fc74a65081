"""Find tables that no rules show, by their columns."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.layout.grid import Grid
from ocrchat.layout.parts import Part, usual_height, without_leaders
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.table_sense import is_open_table
from ocrchat.layout.table_text import CLEAR_GAP, grid_of_text, text_rows

MOST_BETWEEN = 2
"""Lines without columns in a row that a table without rules may hold: titles of groups, wrapped cells."""


def open_tables(parts: Sequence[Part], flow: Flow) -> list[Grid]:
    """The tables of one region that no rules show, from the top."""
    parts = without_leaders(parts, flow)
    if not parts:
        return []
    letter = usual_height(parts)
    grids = []
    for run in _runs(text_rows(parts, CLEAR_GAP * letter, flow), letter):
        grid = _trimmed(run, letter, flow)
        if grid is not None and is_open_table(grid):
            grids.append(grid)
    return grids


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
