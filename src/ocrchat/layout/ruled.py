"""Find tables whose cells are drawn, and put the words into them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.cells import Cells
from ocrchat.layout.frames import ends_of, frames_of, places_of
from ocrchat.layout.grid import Grid, header_rows_of, without
from ocrchat.layout.parts import Part, cut_before, usual_height, word_places
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rule, Rules
from ocrchat.layout.table_sense import is_drawn_table

FURTHEST_LABEL, WIDEST_LABEL = 30, 25
"""Times the height of a line: how far from the drawn cells, and how wide, a row's label may be."""
MOST_LABEL_LINES = 1.6
"""Lines of labels for each row; more are text beside a frame."""

MOST_STICKING_OUT = 0.04
"""The share of texts that may be wider than their cells."""
PROSE = 80
"""Letters on several lines between two rules from which they are no title that spans the table."""


def ruled_tables(parts: Sequence[Part], rules: Rules, flow: Flow) -> list[Grid]:
    """The tables that rules divide into cells, in no order; a part belongs to one at most."""
    letter = usual_height(parts)
    left, grids = list(parts), []
    for frame in frames_of(rules, letter):
        for each in _around_prose(frame, left, letter):
            grid = _grid(left, each, letter, flow)
            if grid is not None:
                grids.append(grid)
                left = without(left, [grid], flow)
    return grids


def _grid(parts: Sequence[Part], frame: Rules, letter: float, flow: Flow) -> Grid | None:
    if not frame.level or not frame.upright:
        return None
    near = 0.45 * letter
    xs = places_of([rule.at for rule in frame.upright] + ends_of(frame.level, frame.upright, letter), near)
    ys = places_of([rule.at for rule in frame.level] + ends_of(frame.upright, frame.level, letter), near)
    if len(xs) < 2 or len(ys) < 2:
        return None
    inside = [
        piece
        for part in parts
        if ys[0] - near <= part.middle <= ys[-1] + near and part.x1 > xs[0] and part.x0 < xs[-1]
        for piece in _cut_at(part, frame.upright, xs, flow)
        if xs[0] <= piece.centre <= xs[-1]
    ]
    if not inside:
        return None
    xs, inside, beside = _with_labels(xs, ys, inside, parts, letter)
    table = Cells(xs, ys, frame, inside, beside, letter)
    table.split_bands(flow)
    slots = table.slots()
    grid = Grid(table.xs[0], ys[0], table.xs[-1], ys[-1], slots, header_rows_of(slots))
    fits = table.sticking_out(slots) <= MOST_STICKING_OUT
    return grid if fits and is_drawn_table(grid) else None


def _around_prose(frame: Rules, parts: Sequence[Part], letter: float) -> list[Rules]:
    """The frame, or what is above and below of running text that stands in it between two level rules."""
    ys = places_of([rule.at for rule in frame.level], 0.45 * letter)
    sides = [rule.at for rule in frame.upright]
    left, right = min(sides) + letter, max(sides) - letter
    inner = [rule for rule in frame.upright if left < rule.at < right]
    cuts: list[float] = []
    for y0, y1 in pairwise(ys):
        middle = (y0 + y1) / 2
        if y1 - y0 < 2 * letter or any(rule.start < middle < rule.end for rule in inner):
            continue
        text = [part for part in parts if y0 < part.middle < y1 and left < part.centre < right]
        lines = {round(part.middle / letter) for part in text}
        if len(lines) > 1 and sum(len(part.line.text) for part in text) > PROSE:
            cuts.append(middle)
    ends = [float("-inf"), *cuts, float("inf")]
    return [_between(frame, *pair) for pair in pairwise(ends)] if cuts else [frame]


def _between(frame: Rules, top: float, bottom: float) -> Rules:
    """The rules, or pieces of them, from one height to another; upright ones end at the last level rule."""
    level = tuple(rule for rule in frame.level if top < rule.at < bottom)
    if not level:
        return Rules()
    first, last = min(rule.at for rule in level), max(rule.at for rule in level)
    upright = tuple(
        Rule(rule.at, max(rule.start, first), min(rule.end, last))
        for rule in frame.upright
        if rule.start < last and rule.end > first
    )
    return Rules(level, upright)


def _cut_at(part: Part, uprights: Sequence[Rule], xs: Sequence[float], flow: Flow) -> tuple[Part, ...]:
    """The part cut where an upright rule passes between its words."""
    crossing = [
        rule.at for rule in uprights if rule.start <= part.middle <= rule.end and part.x0 < rule.at < part.x1
    ]
    if not crossing or len(part.line.words) < 2:
        return (part,)
    places = word_places(part, flow)
    cuts = []
    for index, (one, two) in enumerate(pairwise(places)):
        middles = (one[0] + one[1]) / 2, (two[0] + two[1]) / 2
        if any(middles[0] < at < middles[1] for at in crossing):
            cuts.append(index + 1)
    return cut_before(part, cuts, places)


def _with_labels(
    xs: list[float], ys: Sequence[float], inside: list[Part], parts: Sequence[Part], letter: float
) -> tuple[list[float], list[Part], int]:
    """The columns, and one more at the left where most rows have a label outside the drawn cells."""
    taken = {id(part.line) for part in inside}
    labels = [
        part
        for part in parts
        if id(part.line) not in taken
        and part.x1 <= xs[0] + 0.3 * letter
        and part.x1 > xs[0] - FURTHEST_LABEL * letter
        and ys[0] - 0.3 * letter <= part.middle <= ys[-1] + 0.3 * letter
    ]
    bands = [pair for pair in pairwise(ys) if any(pair[0] < part.middle <= pair[1] for part in inside)]
    labelled = sum(any(y0 < part.middle <= y1 for part in labels) for y0, y1 in bands)
    if len(bands) >= 3 and labelled >= 0.7 * len(bands) and _are_labels(labels, len(bands), letter):
        return [min(part.x0 for part in labels) - 1, *xs], [*labels, *inside], 1
    return xs, inside, 0


def _are_labels(labels: Sequence[Part], rows: int, letter: float) -> bool:
    short = all(part.width < WIDEST_LABEL * letter for part in labels)
    return short and len(labels) <= MOST_LABEL_LINES * rows
