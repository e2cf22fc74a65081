"""Gather the rows of a region into paragraphs and headings."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import attrgetter

from ocrchat.layout.item_marks import mark_of
from ocrchat.layout.rules import Rule
from ocrchat.model import BlockType, Line

NEAR_RULE, ALONG = 0.3, 0.8
"""Heights by which a rule between two rows may stand in them, and the share of each that it runs along."""
MOST_RULED = 1 / 3
"""The share of rows with a rule under them from which these are no ends but the paper's own lines."""
CLOSE = 1.25
"""Heights from line to line of large letters that leave no space, however close smaller lines stand."""
TIGHT, LOOSE, FEW = 0.8, 1.7, 0.15
"""Heights from line to line of a paragraph at least, and with an empty line between; a share of all steps."""
_WEIGHT, _TEXT = attrgetter("bold"), attrgetter("text")


@dataclass(frozen=True, slots=True)
class Row:
    """A printed line and its upright rectangle (x0, y0, x1, y1) in the frame of reading, without skew."""

    line: Line
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """Pixels across the line."""
        return self.y1 - self.y0

    @property
    def is_bold(self) -> bool | None:
        """Whether all its words are bold, or none is; None where some are."""
        words = self.line.words
        weights = set(map(_WEIGHT, words))
        if len(weights) > 1:
            weights = {word.bold for word in words if any(map(str.isalnum, word.text))}
        elif not any(map(str.isalnum, chain.from_iterable(map(_TEXT, words)))):
            return None
        return weights.pop() if len(weights) == 1 else None

    @property
    def middle(self) -> float:
        """Half way down the line."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, and what they are; `level` is a heading's or a list item's.

    `reach` is from where to where their column runs.
    """

    rows: tuple[Row, ...]
    type: BlockType = BlockType.PARAGRAPH
    level: int | None = None
    reach: tuple[float, float] | None = None

    @property
    def height(self) -> float:
        """The height of the group's usual line."""
        return statistics.median(row.height for row in self.rows)


def grouped(
    rows: Sequence[Row], reach: tuple[float, float] | None = None, levels: Sequence[Rule] = ()
) -> tuple[Group, ...]:
    """The rows of one region, in order, as paragraphs; `reach` is from where to where the region does.

    A paragraph ends where the space to the next row is clearly over the region's usual one, where the
    height or weight of letters changes, where a short row is followed by an indented one, at a level rule,
    and before an item of a list.
    """
    if not rows:
        return ()
    usual = _usual_pitch(rows)
    left, right = min(row.x0 for row in rows), max(row.x1 for row in rows)
    ruled = _ruled(rows, levels)
    weighed = [(row, row.is_bold) for row in rows]
    groups: list[list[Row]] = [[rows[0]]]
    for place, ((before, weight), (row, its_weight)) in enumerate(pairwise(weighed)):
        is_reweighed = None not in (weight, its_weight) and weight is not its_weight
        starts = place in ruled or is_reweighed or _starts_anew(before, row, usual, left, right)
        if starts or _starts_item(groups[-1], row, right):
            groups.append([row])
        else:
            groups[-1].append(row)
    return tuple(Group(tuple(group), reach=reach or (left, right)) for group in groups)


def _ruled(rows: Sequence[Row], levels: Sequence[Rule]) -> frozenset[int]:
    """The places of rows that a level rule parts from the next; none where the paper is ruled."""
    if not levels:
        return frozenset()
    pairs = enumerate(pairwise(rows))
    found = frozenset(place for place, pair in pairs if any(_parts(rule, *pair) for rule in levels))
    return found if len(found) <= max(1, MOST_RULED * len(rows)) else frozenset()


def _parts(rule: Rule, above: Row, below: Row) -> bool:
    near = NEAR_RULE * min(above.height, below.height)
    if not above.y1 - near <= rule.at <= below.y0 + near:
        return False
    return all(
        min(rule.end, row.x1) - max(rule.start, row.x0) >= ALONG * (row.x1 - row.x0) for row in (above, below)
    )


def _starts_item(so_far: Sequence[Row], row: Row, right: float) -> bool:
    """Whether a row begins an item of a list, or stands at the left of an item's wrapped lines."""
    first, before = so_far[0], so_far[-1]
    mark, latest = mark_of(row.line.text), mark_of(first.line.text)
    is_full = before.x1 > right - 4 * row.height
    if mark is not None:
        is_moved = abs(row.x0 - before.x0) > 0.5 * row.height
        return mark.is_sure or not is_full or is_moved or (latest is not None and mark.follows(latest))
    hangs = len(so_far) > 1 and before.x0 > first.x0 + 0.5 * first.height
    return latest is not None and hangs and row.x0 < before.x0 - 0.5 * row.height


def _usual_pitch(rows: Sequence[Row]) -> float:
    """The distance from one row's middle to the next in a paragraph, in pixels.

    The median one; where that leaves an empty line, as between paragraphs of a line each, the least of
    those that leave none, if they are not a few among many.
    """
    steps = [after.middle - row.middle for row, after in pairwise(rows) if after.middle > row.middle]
    if not steps:
        return rows[0].height
    usual, height = statistics.median_low(steps), statistics.median(row.height for row in rows)
    tight = [step for step in steps if TIGHT * height < step < min(LOOSE * height, usual / 1.35)]
    return min(tight) if usual > LOOSE * height and len(tight) >= FEW * len(steps) else usual


def _starts_anew(before: Row, row: Row, usual: float, left: float, right: float) -> bool:
    pitch = row.middle - before.middle
    lower, higher = sorted((before.height, row.height))
    close = CLOSE * lower if lower > usual else 0.0
    if pitch < -0.5 * higher or pitch > max(1.35 * usual, usual + 0.3 * higher, close):
        return True
    if higher > 1.35 * lower:
        return True
    is_short = before.x1 < right - 0.15 * (right - left)
    is_indented = row.x0 > before.x0 + 0.8 * higher and row.x0 < left + 4 * higher
    return is_short and is_indented and mark_of(before.line.text) is None
