"""Find the lines of plain print from the marks of its page, without a net.

Letters of a line stand side by side at one height, and the next line is further away than the next letter.
Where that does not hold, a detector has to look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ocrchat.imaging.ink import InkMarks
from ocrchat.imaging.print_marks import GAP, Members, PrintMarks, print_marks
from ocrchat.imaging.quads import Quad

FEW = 3
"""A row of so few letters may be a part of another: a footnote's mark, an accent."""
OFF, MOST_OFF = 1.0, 2
"""So many letters' heights off its row's baseline a letter is another row's, and how many are borne."""
ABOVE, BELOW, INSIDE = 0.8, 0.3, 0.6
"""Letter heights above and below a row's letters where its raised and lowered parts are, and the share of a
part's height that lies between."""
BESIDE = 0.9
"""Letter heights from a row's letters to its accents and commas at most."""
HIGH, DEEP = 1.3, 0.75
"""Letter heights from a row's letters to the top of its accents and the end of its tails at most."""
MARGIN, BEFORE, BEHIND = 0.35, 0.25, 0.45
"""Letter heights that are taken in above and below a row, before it, and behind it, where a faint full stop
may be."""


@dataclass(frozen=True, slots=True)
class Core:
    """Where the letters of a row stand: its ends, and the median top and foot of its letters."""

    x0: float
    x1: float
    top: float
    foot: float

    @property
    def letter(self) -> float:
        """The height of its usual letter, 1 at least."""
        return max(self.foot - self.top, 1.0)


def rows_of_print(marks: InkMarks) -> list[Quad] | None:
    """The lines of a page with these marks, quads in its pixels, in no order; None where it is not plain.

    For alphabets like Latin, Greek and Cyrillic: of others marks above and below would be cut off.
    10 to 30 ms for 2,000 marks.
    """
    page = print_marks(marks)
    if page is None:
        return None
    rows = [row for row in page.rows if len(page.letters(row)) > FEW]
    cores = [_core(page, row) for row in rows]
    if any(_is_of_two(page, row, core) for row, core in zip(rows, cores, strict=True)):
        return None
    parts = [row for row in page.rows if len(page.letters(row)) <= FEW]
    return [_quad(page, row) for row in _completed(page, rows, cores, parts)]


def _core(page: PrintMarks, row: Members) -> Core:
    letters = page.letters(row)
    top, foot = (float(value) for value in np.median(page.level[letters], axis=0))
    return Core(float(page.boxes[row, 0].min()), float(page.boxes[row, 2].max()), top, foot)


def _is_of_two(page: PrintMarks, row: Members, core: Core) -> bool:
    """Whether letters of two lines hang together in a row."""
    feet = page.level[page.letters(row), 1]
    return int((np.abs(feet - core.foot) > OFF * max(core.letter, page.letter)).sum()) > MOST_OFF


def _completed(
    page: PrintMarks, rows: Sequence[Members], cores: Sequence[Core], parts: Sequence[Members]
) -> Iterator[Members]:
    """The rows with the parts that belong to them, and those parts with letters that belong to none."""
    x0, x1, top, foot = np.array([[core.x0, core.x1, core.top, core.foot] for core in cores]).T.reshape(4, -1)
    letter = np.maximum(foot - top, 1.0)
    reach = GAP * np.maximum(letter, page.letter)
    whole = [[row] for row in rows]
    for part in parts:
        (left, right), (high, low) = _ends(page, part), _heights(page, part)
        away = np.maximum(np.maximum(top - low, high - foot), 0) / letter
        inside = np.minimum(low, foot + BELOW * letter) - np.maximum(high, top - ABOVE * letter)
        has_letters = bool(page.is_letter[part].any())
        is_near = inside > INSIDE * (low - high) if has_letters else away < BESIDE
        belongs = is_near & (left < x1 + reach) & (right > x0 - reach)
        if belongs.any():
            whole[int(np.where(belongs, away, np.inf).argmin())].append(part)
        elif has_letters:
            yield part
    yield from (np.concatenate(row) for row in whole)


def _ends(page: PrintMarks, row: Members) -> tuple[float, float]:
    return float(page.boxes[row, 0].min()), float(page.boxes[row, 2].max())


def _heights(page: PrintMarks, row: Members) -> tuple[float, float]:
    return float(page.level[row, 0].min()), float(page.level[row, 1].max())


def _quad(page: PrintMarks, row: Members) -> Quad:
    """The place of a row; a letter that touches one of the next line does not make it higher."""
    core = _core(page, row)
    margin = MARGIN * core.letter
    (left, right), (top, foot) = _ends(page, row), _heights(page, row)
    left, right = left - BEFORE * core.letter, right + BEHIND * core.letter
    top = max(top, core.top - HIGH * core.letter) - margin
    foot = min(foot, core.foot + DEEP * core.letter) + margin
    corners = [(left, top), (right, top), (right, foot), (left, foot)]
    return np.array([(x, y + page.slope * x) for x, y in corners], np.float32) * page.scale
