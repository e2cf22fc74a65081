"""Divide a frame into cells: those without a rule between them are one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocrchat.layout.grid import Slot, is_figure
from ocrchat.layout.parts import Part
from ocrchat.layout.reading_order import Flow
from ocrchat.layout.rules import Rule, Rules
from ocrchat.layout.table_rows import Placed, rows_joined
from ocrchat.layout.table_text import in_lines, text_rows

COVERED = 0.5
"""The share of a cell's side that a rule must cover to be its border."""


class Cells:
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
        slots = [slot for slot in slots if slot.parts or slot.rowspan < rows]
        return _compact(slots, self._kept(self.ys, 0), self._kept(self.xs, 1))

    def sticking_out(self, slots: Sequence[Slot]) -> float:
        """The share of parts that reach clearly beyond their cells: where it is high, this is no table."""
        kept = [x for x, is_kept in zip(self.xs, self._kept(self.xs, 1), strict=False) if is_kept]
        sides, near = [*kept, self.xs[-1]], 0.5 * self._letter
        out = sum(
            part.x0 < sides[slot.column] - near or part.x1 > sides[slot.column + slot.colspan] + near
            for slot in slots
            for part in slot.parts
        )
        return out / max(1, len(self._parts))

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
