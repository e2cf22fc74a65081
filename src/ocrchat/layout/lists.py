"""Find the items of lists among a page's paragraphs, and how deep they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ocrchat.layout.blocks import Group
from ocrchat.layout.found import Found
from ocrchat.layout.item_marks import ItemMark, mark_of
from ocrchat.model import BlockType

INDENT = 0.6
"""Times the height of a line by which items of another depth are moved to the side."""


def with_lists(found: Sequence[Found]) -> tuple[Found, ...]:
    """The paragraphs and tables, in order, items of lists marked as such, with their depth from 1.

    A bullet makes an item; a dash, a number or a letter does where the item before or after it at the
    same depth has the mark that goes before or comes next.
    """
    told: list[Found] = []
    for is_text, run in groupby(found, lambda each: isinstance(each, Group)):
        these = list(run)
        told.extend(_listed([each for each in these if isinstance(each, Group)]) if is_text else these)
    return tuple(told)


def _listed(groups: Sequence[Group]) -> Iterator[Group]:
    marks = [mark_of(group.rows[0].line.text) for group in groups]
    depths: list[float] = []
    for place, (group, mark) in enumerate(zip(groups, marks, strict=True)):
        if mark is None or not (mark.is_sure or _has_neighbour(groups, marks, place)):
            depths = []
            yield group
            continue
        near, start = INDENT * group.height, group.rows[0].x0
        while depths and start < depths[-1] - near:
            depths.pop()
        if not depths or start > depths[-1] + near:
            depths.append(start)
        yield replace(group, type=BlockType.LIST, level=len(depths))


def _has_neighbour(groups: Sequence[Group], marks: Sequence[ItemMark | None], place: int) -> bool:
    """Whether the mark before or after it in the same list stands near, past deeper items only."""
    return any(_is_next(groups, marks, place, step) for step in (-1, 1))


def _is_next(groups: Sequence[Group], marks: Sequence[ItemMark | None], place: int, step: int) -> bool:
    mark, first = marks[place], groups[place].rows[0]
    other = place + step
    while mark is not None and 0 <= other < len(groups):
        found, row = marks[other], groups[other].rows[0]
        if found is None:
            return False
        if abs(row.x0 - first.x0) <= INDENT * first.height:
            return mark.follows(found) if step < 0 else found.follows(mark)
        if row.x0 < first.x0:
            return False
        other += step
    return False
