"""Find the columns that chunks of text form where no lines are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocrchat.layout.grid import is_figure
from ocrchat.layout.parts import Part, cut_before, word_places
from ocrchat.layout.reading_order import Flow

TextRow = Sequence[Part]
"""The chunks of one line of text of a table, from the left."""


@dataclass(slots=True)
class _Column:
    """What has been seen of a column so far."""

    x0: float
    x1: float
    rows: set[int]


def columns_in(rows: Sequence[TextRow], letter: float) -> tuple[tuple[float, float], ...]:
    """Where columns start and end, from the left, none overlapping another.

    The rows with the most chunks say where columns are; a chunk of a row with fewer widens the one
    column that it overlaps, starts one where it stands free, and says nothing where it overlaps several.
    """
    columns: list[_Column] = []
    for index in sorted(range(len(rows)), key=lambda i: (-len(rows[i]), -_figures(rows[i]), i)):
        for chunk in rows[index]:
            touched = [column for column in columns if _overlap(chunk, column) > 0]
            if not touched:
                columns.append(_Column(chunk.x0, chunk.x1, {index}))
            elif len(touched) == 1 and len(rows[index]) > 1:
                _widen(touched[0], chunk, columns)
                touched[0].rows.add(index)
            elif len(touched) == 1:
                touched[0].rows.add(index)
        columns.sort(key=lambda column: column.x0)
    columns = _without_doubles(columns, letter)
    return tuple((column.x0, column.x1) for column in columns)


def place_of(chunk: Part, columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """The first and the last column that a chunk stands in: more than one only where it clearly does."""
    shares = [min(chunk.x1, x1) - max(chunk.x0, x0) for x0, x1 in columns]
    inside = [
        index
        for index, (share, (x0, x1)) in enumerate(zip(shares, columns, strict=True))
        if share > 0.25 * min(chunk.width, x1 - x0)
    ]
    if inside:
        return inside[0], inside[-1]
    nearest = max(range(len(columns)), key=lambda index: shares[index])
    return nearest, nearest


def in_columns(chunk: Part, columns: Sequence[tuple[float, float]], flow: Flow) -> tuple[Part, ...]:
    """The chunk, cut where figures that stand close are those of several columns."""
    first, last = place_of(chunk, columns)
    words = chunk.line.words
    if first == last or len(words) < 2 or not all(is_figure(word.text) for word in words):
        return (chunk,)
    places = word_places(chunk, flow)
    middles = [(start + end) / 2 for start, end in places]
    owners = [sum(middle > x1 for _, x1 in columns) for middle in middles]
    return cut_before(chunk, [i + 1 for i, (one, two) in enumerate(pairwise(owners)) if one != two], places)


def _figures(row: TextRow) -> int:
    return sum(is_figure(chunk.line.text) for chunk in row)


def _overlap(chunk: Part, column: _Column) -> float:
    return min(chunk.x1, column.x1) - max(chunk.x0, column.x0)


def _widen(column: _Column, chunk: Part, columns: Sequence[_Column]) -> None:
    """Let the column hold the chunk, but not reach into its neighbours."""
    left = max((other.x1 for other in columns if other.x1 <= column.x0), default=float("-inf"))
    right = min((other.x0 for other in columns if other.x0 >= column.x1), default=float("inf"))
    column.x0 = max(min(column.x0, chunk.x0), left)
    column.x1 = min(max(column.x1, chunk.x1), right)


def _without_doubles(columns: list[_Column], letter: float) -> list[_Column]:
    """The columns, neighbours made one that are never filled in the same row where one is hardly used,
    and those that stand closer than a narrow space."""
    merged: list[_Column] = []
    for column in columns:
        before = merged[-1] if merged else None
        if before is not None and (
            (not before.rows & column.rows and min(len(before.rows), len(column.rows)) <= 2)
            or (column.x0 - before.x1 < 0.15 * letter and min(len(before.rows), len(column.rows)) <= 2)
        ):
            before.x1 = max(before.x1, column.x1)
            before.rows |= column.rows
        else:
            merged.append(column)
    return merged
