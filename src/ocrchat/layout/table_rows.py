"""Tell which lines of text of a table are rows of their own, and which go on with the row above."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.layout.grid import is_figure
from ocrchat.layout.parts import Part


@dataclass(frozen=True, slots=True)
class Placed:
    """A chunk and the columns that it stands in, first and last."""

    chunk: Part
    first: int
    last: int


PlacedRow = Sequence[Placed]


def rows_joined(rows: Sequence[PlacedRow], columns: Sequence[tuple[float, float]]) -> list[list[Placed]]:
    """The body's lines of text, those that go on with the row above put into it."""
    if not rows:
        return []
    tight = _tightness(rows)
    joined: list[list[Placed]] = [list(rows[0])]
    for index, (before, row) in enumerate(pairwise(rows)):
        if _goes_on(before, row, joined[-1], columns, tight[index]):
            joined[-1].extend(row)
        else:
            joined.append(list(row))
    return joined


def _tightness(rows: Sequence[PlacedRow]) -> list[float]:
    """For each line but the first: 1 where it is clearly closer to the one above than rows usually are,
    -1 where it is clearly wider apart, 0 where distances do not tell."""
    gaps = [_top(after) - _bottom(before) for before, after in pairwise(rows)]
    letter = statistics.median(placed.chunk.height for row in rows for placed in row)
    if len(gaps) < 2:
        return [0.0] * len(gaps)
    ordered = sorted(gaps)
    step, place = max((after - before, i) for i, (before, after) in enumerate(pairwise(ordered)))
    if step < 0.25 * letter or step < 0.4 * (ordered[-1] - ordered[0]):
        return [0.0] * len(gaps)
    edge = (ordered[place] + ordered[place + 1]) / 2
    return [1.0 if gap < edge else -1.0 for gap in gaps]


def _goes_on(
    before: PlacedRow, row: PlacedRow, so_far: PlacedRow, columns: Sequence[tuple[float, float]], tight: float
) -> bool:
    if tight < 0 or (len(row) == 1 and row[0].last > row[0].first):
        return False
    filled, above = _filled(row), _filled(so_far)
    figures = sum(is_figure(placed.chunk.line.text) for placed in row)
    figures_above = sum(is_figure(placed.chunk.line.text) for placed in so_far)
    if tight > 0 and not figures and 0 in filled and len(filled) > 1:
        return all(_wraps_at(before, placed, columns) for placed in row if placed.first in above)
    if tight > 0 and (figures == 0 or filled < above):
        return not (figures and figures_above and (0 in filled or figures > 1) and len(filled) > 1)
    if 0 not in filled:
        # Nothing names this row: the lower half of cells that are two lines high.
        is_part = filled <= above and 2 * len(filled) <= max(2, len(columns))
        return is_part and figures < max(1, len(filled)) and not _figures_in(row) & _figures_in(so_far)
    if filled == {0}:
        return _wraps(before, row, columns) and _reads_on(so_far, row)
    if figures == 0 or (0 in filled and not figures_above and above == {0}):
        return all(_wraps_at(before, placed, columns) for placed in row if placed.first == 0) and _reads_on(
            so_far, row
        )
    return False


def _wraps(before: PlacedRow, row: PlacedRow, columns: Sequence[tuple[float, float]]) -> bool:
    return all(_wraps_at(before, placed, columns) for placed in row)


def _wraps_at(before: PlacedRow, placed: Placed, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether the line above had no room for this one's first word."""
    above = [each for each in before if each.first == placed.first]
    if not above:
        return False
    right = columns[placed.last][1]
    words = placed.chunk.line.words
    share = len(words[0].text) / max(1, len(placed.chunk.line.text)) if words else 1.0
    return above[-1].chunk.x1 + share * placed.chunk.width > right - 0.5 * placed.chunk.height


def _reads_on(so_far: PlacedRow, row: PlacedRow) -> bool:
    """Whether the words go on with those above: by their first letter or by how the line above ends."""
    first = row[0].chunk.line.text.lstrip()
    above = [placed.chunk.line.text.rstrip() for placed in so_far if placed.first == row[0].first]
    if not above:
        return first[:1].islower()
    return (
        first[:1].islower()
        or first[:1] in "(&/"
        or (above[-1].endswith(("-", ",", "/", "&", "(", ":")) is True and not above[-1].endswith(":"))
        or above[-1].rpartition(" ")[2].casefold()
        in {"and", "or", "of", "the", "in", "for", "to", "with", "by"}
    )


def _figures_in(row: PlacedRow) -> set[int]:
    """The columns in which a figure stands by itself."""
    return {placed.first for placed in row if is_figure(placed.chunk.line.text)}


def _filled(row: PlacedRow) -> set[int]:
    return {column for placed in row for column in range(placed.first, placed.last + 1)}


def _top(row: PlacedRow) -> float:
    return min(placed.chunk.y0 for placed in row)


def _bottom(row: PlacedRow) -> float:
    return max(placed.chunk.y1 for placed in row)
