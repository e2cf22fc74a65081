"""A table as it was found: slots of a grid with the parts of lines that stand in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.layout.parts import Part, cut_before, is_leader, word_places
from ocrchat.layout.reading_order import Flow

_NUMBER = re.compile(
    r"(?:[A-Z]{3}|Fr\.|Rs\.?|kr\.?|US\$|R\$)?\s*[-+–−±~<>≤≥$€£¥₹(]*\s*\d[\d\s.,:/%()±+–−*'’`´-]*"
    r"(?:[%)*†‡a-z]{0,3}|\s?(?:[A-Z]{1,3}|[$€£¥₹]))"
)
_BLANK = frozenset({"-", "–", "—", "na", "n/a", "n.a.", "nil", "none", "..", "…", "*", "x", "✓"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One cell; `parts` from the top, each line from the left."""

    row: int
    column: int
    rowspan: int
    colspan: int
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """What stands in the cell, its lines run on."""
        return " ".join(part.line.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's slots in row-major order and its rectangle in the frame of reading."""

    x0: float
    y0: float
    x1: float
    y1: float
    slots: tuple[Slot, ...]
    header_rows: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part in it, cell by cell."""
        return tuple(part for slot in self.slots for part in slot.parts)

    def holds(self, part: Part) -> bool:
        """Whether the part's middle lies in the table."""
        return self.x0 <= part.centre <= self.x1 and self.y0 <= part.middle <= self.y1

    @property
    def area(self) -> float:
        """Square pixels."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        rows = max((slot.row + slot.rowspan for slot in self.slots), default=0)
        return rows, max((slot.column + slot.colspan for slot in self.slots), default=0)


def without(parts: Sequence[Part], grids: Sequence[Grid], flow: Flow) -> list[Part]:
    """What stands in none of the tables: parts, and the rest of parts that some words were taken out of."""
    if not grids:
        return list(parts)
    used = {id(each) for grid in grids for part in grid.parts for each in part.line.words or (part.line,)}
    left: list[Part] = []
    for part in parts:
        taken = [id(each) in used for each in part.line.words or (part.line,)]
        if not any(taken):
            left.append(part)
        elif not all(taken):
            cuts = [i + 1 for i, (one, two) in enumerate(pairwise(taken)) if one != two]
            pieces = cut_before(part, cuts, word_places(part, flow))
            left.extend(pieces[taken[0] :: 2])
    return [part for part in left if not (is_leader(part) and any(grid.holds(part) for grid in grids))]


def is_figure(text: str) -> bool:
    """Whether a cell holds a number or what stands for a missing one."""
    text = text.strip()
    return bool(_NUMBER.fullmatch(text)) or text.casefold() in _BLANK


def header_rows_of(slots: Sequence[Slot]) -> int:
    """How many rows at the top are names of columns: those before the first with a figure beside its label.

    At least one, unless already the first row has more figures than words and no year among them.
    """
    rows = 1 + max((slot.row for slot in slots), default=-1)
    height = 0
    for row in range(min(rows, 4)):
        cells = [slot for slot in slots if slot.row <= row < slot.row + slot.rowspan and slot.text]
        beside = [slot for slot in cells if slot.column > 0]
        figures = [slot for slot in beside if is_figure(slot.text) and not _is_year(slot.text)]
        if figures and 2 * len(figures) >= len(beside):
            break
        if len(cells) <= 1 and row > 0 and cells and cells[0].column == 0 and cells[0].colspan == 1:
            break
        height = row + 1
    if height >= min(rows, 4):  # no figures to tell by
        height = 1 + max((slot.rowspan - 1 for slot in slots if slot.row == 0), default=0)
        if any(slot.colspan > 1 for slot in slots if slot.row == 0):
            height = min(max(height, 2), rows)
    return height if height < rows else min(1, max(0, rows - 1))


def _is_year(text: str) -> bool:
    return bool(re.fullmatch(r"(?:FY\s*)?(?:1[6-9]|20|21)\d\d(?:[/–-]\d{2,4})?", text.strip()))
