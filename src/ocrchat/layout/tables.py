"""Find the tables of a page that rules show."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.layout.grid import Grid, without
from ocrchat.layout.level_tables import level_tables
from ocrchat.layout.parts import Part
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.ruled import ruled_tables
from ocrchat.layout.rules import Rules

MOST_OF_IT = 0.7
"""The share of a table between level rules from which the drawn cells in it are the whole table."""


def drawn_tables(parts: Sequence[Part], rules: Rules, flow: Flow) -> list[Grid]:
    """The tables that rules show, in no order; to be found before the page is cut into columns.

    Drawn cells come first, but where they are no more than the marked cells of a larger table.
    """
    if not rules.level:
        return []
    ruled = ruled_tables(parts, rules, flow)
    larger = [grid for grid in level_tables(parts, rules, flow) if _is_larger(grid, ruled)] if ruled else []
    if larger:
        ruled = ruled_tables(without(parts, larger, flow), rules, flow)
    grids = [*larger, *ruled]
    return [*grids, *level_tables(without(parts, grids, flow), rules, flow)]


def _is_larger(grid: Grid, ruled: Sequence[Grid]) -> bool:
    inside = [each for each in ruled if all(map(grid.holds, each.parts))]
    return bool(inside) and sum(each.area for each in inside) < MOST_OF_IT * grid.area
