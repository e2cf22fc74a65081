"""Find tables whose cells are drawn, and put the words into them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from ocrchat.layout.grid import Grid, Slot, header_rows_of, is_figure
from ocrchat.layout.parts import Part, cut_before, usual_height, word_places
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rule, Rules
from ocrchat.layout.table_rows import Placed, rows_joined
from ocrchat.layout.table_text import in_lines, text_rows

COVERED = 0.5
"""The share of a cell's side that a rule must cover to be its border."""


def ruled_grids(parts: Sequence[Part], rules: Rules, flow: Flow) -> list[Grid]:
    """The tables that rules divide into cells, in no order; a part belongs to one at most."""
    letter = usual_height(parts)
    left, grids = list(parts), []
    for frame in _frames(rules, letter):
        grid = _grid(left, frame, letter, flow)
        if grid is not None:
            grids.append(grid)
            left = [
                part
                for part in left
                if not (grid.x0 <= part.centre <= grid.x1 and grid.y0 <= part.middle <= grid.y1)
            ]
    return grids


def _frames(rules: Rules, letter: float) -> list[Rules]:
    """Groups of rules that touch one another, the largest first; each has both kinds."""
    near, groups = 0.6 * letter, []
    level, upright = list(rules.level), list(rules.upright)
    while level:
        stack: list[tuple[bool, Rule]] = [(True, level.pop())]
        taken_level: list[Rule] = []
        taken_upright: list[Rule] = []
        while stack:
            is_level, rule = stack.pop()
            (taken_level if is_level else taken_upright).append(rule)
            others = upright if is_level else level
            for other in [each for each in others if _touch(rule, each, near)]:
                others.remove(other)
                stack.append((not is_level, other))
        if taken_upright:
            groups.append(Rules(tuple(taken_level), tuple(taken_upright)))
    return sorted(groups, key=lambda group: -sum(rule.length for rule in group.level))


def _touch(one: Rule, other: Rule, near: float) -> bool:
    return one.start - near <= other.at <= one.end + near and other.start - near <= one.at <= other.end + near


def _places(values: Iterable[float], near: float) -> list[float]:
    """Values closer than `near` as one, from the least."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _grid(parts: Sequence[Part], frame: Rules, letter: float, flow: Flow) -> Grid | None:
    near = 0.45 * letter
    xs = _places([rule.at for rule in frame.upright] + _ends(frame.level, frame.upright, letter), near)
    ys = _places([rule.at for rule in frame.level] + _ends(frame.upright, frame.level, letter), near)
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
    table = _Cells(xs, ys, frame, inside, beside, letter)
    table.split_bands(flow)
    slots = table.slots()
    filled = [slot for slot in slots if slot.parts]
    rows, columns = {slot.row for slot in filled}, {slot.column for slot in filled}
    if len(rows) < 2 or len(columns) < 2 or len(filled) < 0.2 * len(slots) or len(filled) < 3:
        return None
    return Grid(table.xs[0], ys[0], table.xs[-1], ys[-1], slots, header_rows_of(slots))


def _ends(rules: Sequence[Rule], across: Sequence[Rule], letter: float) -> list[float]:
    """Where rules reach beyond the outermost of those that they cross: a side that is not drawn."""
    first, last = min(rule.at for rule in across), max(rule.at for rule in across)
    start, end = min(rule.start for rule in rules), max(rule.end for rule in rules)
    reaching = 1.5 * letter
    return [start] * (start < first - reaching) + [end] * (end > last + reaching)


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
        and part.x1 > xs[0] - 30 * letter
        and ys[0] - 0.3 * letter <= part.middle <= ys[-1] + 0.3 * letter
    ]
    bands = [pair for pair in pairwise(ys) if any(pair[0] < part.middle <= pair[1] for part in inside)]
    labelled = sum(any(y0 < part.middle <= y1 for part in labels) for y0, y1 in bands)
    short = sum(part.width < 25 * letter for part in labels)
    if len(bands) >= 3 and labelled >= 0.7 * len(bands) and short == len(labels):
        return [min(part.x0 for part in labels) - 1, *xs], [*labels, *inside], 1
    return xs, inside, 0


class _Cells:
    """The smallest cells between all rules, and which of them are one."""

    def __init__(
        self,
        xs: list[float],
        ys: list[float],
        frame: Rules,
        parts: Sequence[Part],
        beside: int,
        letter: float,
    ) -> None:
        self._letter = letter
        self.xs, self.ys, self._frame, self._beside = list(xs), list(ys), frame, beside
        self._drawn = [True] * len(ys)
        self._parts = list(parts)

    def split_bands(self, flow: Flow) -> None:
        """Divide the bands in which lines of figures stand one under another without rules between."""
        for y0, y1 in list(pairwise(self.ys)):
            inside = [part for part in self._parts if y0 < part.middle <= y1]
            rows = text_rows(inside, 1e9, flow)
            if len(rows) < 2:
                continue
            columns = list(pairwise(self.xs))
            lines = [[self._column(part) for part in row if is_figure(part.line.text)] for row in rows]
            stacked = [
                column
                for column in range(len(columns))
                if sum(column in line for line in lines)
                > 0.5 * sum(any(self._column(part) == column for part in row) for row in rows)
                and sum(column in line for line in lines) >= 2
            ]
            if not stacked:
                continue
            placed = [[Placed(part, self._column(part), self._column(part)) for part in row] for row in rows]
            groups = rows_joined(placed, columns)
            for above, below in pairwise(groups):
                at = (max(p.chunk.y1 for p in above) + min(p.chunk.y0 for p in below)) / 2
                place = sum(y < at for y in self.ys)
                self.ys.insert(place, at)
                self._drawn.insert(place, False)

    def slots(self) -> tuple[Slot, ...]:
        """The cells, merged where no rule divides them, with their parts."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        owner = {(i, j): (i, j) for i in range(rows) for j in range(columns)}
        self._text: dict[tuple[int, int], list[Part]] = {}
        for part in self._parts:
            self._text.setdefault((self._row(part), self._column(part)), []).append(part)
        text = self._text

        def root(cell: tuple[int, int]) -> tuple[int, int]:
            while owner[cell] != cell:
                cell = owner[cell]
            return cell

        for i in range(rows):
            for j in range(columns):
                if j + 1 < columns and not self._divided_right(i, j):
                    owner[root((i, j + 1))] = root((i, j))
                if i + 1 < rows and not self._divided_below(i, j):
                    owner[root((i + 1, j))] = root((i, j))
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for cell in owner:
            groups.setdefault(root(cell), []).append(cell)
        slots = []
        for cells in groups.values():
            first, last = min(i for i, _ in cells), max(i for i, _ in cells)
            left, right = min(j for _, j in cells), max(j for _, j in cells)
            if (last - first + 1) * (right - left + 1) == len(cells) and not self._are_rows(cells):
                found = in_lines([part for cell in cells for part in text.get(cell, ())])
                slots.append(Slot(first, left, last - first + 1, right - left + 1, found))
            else:
                slots.extend(Slot(i, j, 1, 1, in_lines(text.get((i, j), ()))) for i, j in cells)
        return _compact(slots, self._kept(self.ys, 0), self._kept(self.xs, 1))

    def _kept(self, places: Sequence[float], axis: int) -> list[bool]:
        """Which bands between places are rows or columns: not the thin ones between double rules."""
        filled = {self._row(part) if axis == 0 else self._column(part) for part in self._parts}
        least = 0.8 * self._letter
        return [
            index in filled or end - start >= least for index, (start, end) in enumerate(pairwise(places))
        ]

    def _are_rows(self, cells: Sequence[tuple[int, int]]) -> bool:
        """Whether cells one under another, with no rule between, each hold the one line of their own row."""
        rows = {i for i, _ in cells}
        return (
            len(rows) > 2
            and len({j for _, j in cells}) == 1
            and all(
                len({round(part.middle / self._letter) for part in self._text.get(cell, ())}) == 1
                for cell in cells
            )
        )

    def _divided_right(self, i: int, j: int) -> bool:
        """Whether an upright rule, or else an empty space between texts, stands between two neighbours."""
        if j < self._beside or _covers(self._frame.upright, self.xs[j + 1], self.ys[i], self.ys[i + 1]):
            return True
        left, right = self._text.get((i, j), ()), self._text.get((i, j + 1), ())
        return bool(left and right) and not any(
            part.x0 < self.xs[j + 1] - 1 and part.x1 > self.xs[j + 1] + 1 for part in (*left, *right)
        )

    def _divided_below(self, i: int, j: int) -> bool:
        """Whether a level rule stands between a cell and the one below it."""
        if j < self._beside or not self._drawn[i + 1]:
            return True
        return _covers(self._frame.level, self.ys[i + 1], self.xs[j], self.xs[j + 1])

    def _row(self, part: Part) -> int:
        return min(max(sum(y < part.middle for y in self.ys) - 1, 0), len(self.ys) - 2)

    def _column(self, part: Part) -> int:
        return min(max(sum(x < part.centre for x in self.xs) - 1, 0), len(self.xs) - 2)


def _covers(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    near = max(3.0, 0.1 * (end - start))
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) <= near
    )
    return covered >= COVERED * (end - start)


def _compact(slots: Sequence[Slot], rows: Sequence[bool], columns: Sequence[bool]) -> tuple[Slot, ...]:
    """The slots without the rows and columns that are not kept."""
    out = []
    for slot in slots:
        height = sum(rows[slot.row : slot.row + slot.rowspan])
        width = sum(columns[slot.column : slot.column + slot.colspan])
        if height and width:
            out.append(Slot(sum(rows[: slot.row]), sum(columns[: slot.column]), height, width, slot.parts))
    return tuple(sorted(out, key=lambda slot: (slot.row, slot.column)))
