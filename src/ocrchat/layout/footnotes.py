"""Find the notes at the foot of a page, each with the mark that it begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocrchat.layout.blocks import Group, Row
from ocrchat.layout.found import Found
from ocrchat.model import BlockType

SMALL = 0.93
"""Times the height of the page's usual line: notes are set no larger."""
LOWER_PART = 0.5
"""The share of the height of a page's text above which nothing is a note at its foot."""
RAISED, LONGEST_MARK = 0.85, 4
"""Times the height of the word after it that a raised mark has at most, and its characters."""
_MARK = re.compile(r"(?:\(?\[?\d{1,3}(?!\d)[\])]?|[*†‡§¶]{1,3}|[¹²³⁴-⁹]{1,3}|[a-z]\))\s*(?=[^\W_]|[\"“„«(])")


def with_footnotes(found: Sequence[Found], body: float) -> tuple[Found, ...]:
    """The paragraphs and tables of a page, small ones at its foot that begin with a mark as one note each.

    `body` is the height of the page's usual line.
    """
    groups = [each for each in found if isinstance(each, Group)]
    rows = [row for group in groups for row in group.rows]
    if not rows:
        return tuple(found)
    top, bottom = min(row.y0 for row in rows), max(row.y1 for row in rows)
    lowest = top + LOWER_PART * (bottom - top)
    told: list[Found] = []
    for each in found:
        is_low = isinstance(each, Group) and each.rows[0].y0 > lowest and _may_be_note(each, body)
        if isinstance(each, Group) and is_low and not _text_below(each, groups, body):
            told.extend(_each_note(each))
        else:
            told.append(each)
    return tuple(told)


def _may_be_note(group: Group, body: float) -> bool:
    if group.type is not BlockType.PARAGRAPH or not _MARK.match(group.rows[0].line.text):
        return False
    return group.height <= SMALL * body or (group.height <= body and _is_raised(group.rows[0]))


def _is_raised(row: Row) -> bool:
    """Whether the first word is a mark set smaller and higher than the words after it."""
    words = row.line.words
    if len(words) < 2 or len(words[0].text) > LONGEST_MARK:
        return False
    first, second = words[0].box, words[1].box
    return first.height < RAISED * second.height and first.y1 < second.y1


def _text_below(group: Group, groups: Sequence[Group], body: float) -> bool:
    """Whether text of the usual size stands below it in the same column."""
    left, right = min(row.x0 for row in group.rows), max(row.x1 for row in group.rows)
    end = group.rows[-1].y1
    return any(
        other.height > SMALL * body and len(other.rows) > 1
        for other in groups
        if other is not group
        and other.rows[0].y0 > end
        and min(right, other.rows[0].x1) > max(left, other.rows[0].x0)
    )


def _each_note(group: Group) -> Iterator[Group]:
    """The notes of a paragraph: a row that begins with a mark, at the left where the first one does."""
    first = group.rows[0]
    notes: list[list[Row]] = []
    for row in group.rows:
        if not notes or (_MARK.match(row.line.text) and row.x0 < first.x0 + first.height):
            notes.append([row])
        else:
            notes[-1].append(row)
    for rows in notes:
        yield replace(group, rows=tuple(rows), type=BlockType.FOOTNOTE)
