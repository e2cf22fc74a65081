"""Read a page as facts: what is said (the value), of what (the label), and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from unicodedata import category

from ocrchat.answers.printed import READ_CLOSELY, PrintedPage, Span
from ocrchat.answers.rows import Row, Segment, column_runs, following, rows_of
from ocrchat.answers.sentences import sentences_in
from ocrchat.answers.tables import Grid, implied_grids, printed_grids
from ocrchat.answers.values import KINDS, values_in
from ocrchat.model import BlockType


class Shape(IntEnum):
    """How a page says something, the clearest first."""

    ENTRY = 0
    CELL = 1
    ITEMS = 2
    SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a page says.

    `about` is where the page says what the value is of (of a cell its row and its head, of a sentence the
    sentence itself); `labels` are the parts of it to show before the value. `near` is what it stands under
    and after. `quotes` is what to cite: value and label in one piece of the text, or apart.
    """

    page: PrintedPage
    shape: Shape
    value: Span
    about: tuple[Span, ...]
    labels: tuple[Span, ...]
    near: tuple[Span, ...]
    quotes: tuple[Span, ...]


_LABEL = re.compile(r"^\s*(?P<label>[^:：]{1,60}?)\s*[:：]\s*(?P<value>.*)$", re.DOTALL)
_SENTENCE_END = re.compile(r"(?:\w{5}|[\d%)])[.!?]$|[。！？।؟]$")
_CLOCK = re.compile(r"\d\s?[:：]\s?\d\d(?!\d)|https?:")
_LONGEST_ITEMS = 800
"""Characters that what stands under a heading may have to be an answer."""


def facts_of(page: PrintedPage) -> Iterator[Fact]:
    """Every fact of a page; the same words may be told as several facts."""
    rows = rows_of(page)
    in_columns = {row for run in column_runs(rows) for row in run}
    yield from _entries(page, rows, in_columns)
    for grid in implied_grids(page, rows):
        yield from _cells(page, grid, ())
    yield from _told(page)


def _entries(page: PrintedPage, rows: Sequence[Row], in_columns: set[Row]) -> Iterator[Fact]:
    """Labels and their values: "Total: 12", "Total    12", "Total 12", a label over its value.

    Rows of columns are a table's: what stands beside and under a cell there is another's value.
    """
    for at, row in enumerate(rows):
        is_in_columns = row in in_columns
        below = rows[at + 1] if at + 1 < len(rows) else ()
        near = tuple(each.span for above in rows[max(0, at - 3) : at] for each in above)
        for place, segment in enumerate(row):
            text = page.said(segment.span)
            beside = row[place + 1] if place + 1 < len(row) else None
            under = following(row, segment, below)
            match = _LABEL.match(text)
            if match and is_label(match["label"]) and not _CLOCK.match(text, max(0, match.end("label") - 1)):
                start = segment.span[0]
                label = (start + match.start("label"), start + match.end("label"))
                if match["value"].strip():
                    value = (start + match.start("value"), segment.span[1])
                    yield _entry(page, label, _with_rest(page, value, under), near)
                elif value_segment := beside or under:
                    yield _entry(page, label, value_segment.span, near)
            elif is_label(text) and not is_in_columns:
                if beside:
                    yield _entry(page, segment.span, beside.span, near)
                if under and len(row) <= len(below):
                    yield _entry(page, segment.span, under.span, near)
            yield from _trailing(page, segment, near)


def _trailing(page: PrintedPage, segment: Segment, near: tuple[Span, ...]) -> Iterator[Fact]:
    """A line that ends in a value: what stands before it is the label."""
    text = page.said(segment.span)
    if len(text) > 100:
        return
    last = [span for span in values_in(text, KINDS) if span[1] >= len(text.rstrip(" .;"))]
    if not last:
        return
    start, end = min(last)
    if start > 1 and is_label(text[:start]):
        label = (segment.span[0], segment.span[0] + len(text[:start].rstrip(" .:-–")))
        yield _entry(page, label, (segment.span[0] + start, segment.span[0] + end), near)


def _entry(page: PrintedPage, label: Span, value: Span, near: tuple[Span, ...]) -> Fact:
    whole = (min(label[0], value[0]), max(label[1], value[1]))
    first, second = sorted((label, value))
    between = page.text[first[1] : second[0]]
    quotes = (label, value) if any(each.isalnum() for each in between) else (whole,)
    return Fact(page, Shape.ENTRY, value, (label,), (label,), near, quotes)


def _with_rest(page: PrintedPage, value: Span, under: Segment | None) -> Span:
    """The value with the line under it, where it ends in a comma or a hyphen and the text goes on there."""
    goes_on = under and page.said(value).rstrip().endswith((",", "-", "،", "、"))
    if under and goes_on and page.text[value[1] : under.span[0]].isspace():
        return (value[0], under.span[1])
    return value


def _cells(page: PrintedPage, grid: Grid, near: tuple[Span, ...]) -> Iterator[Fact]:
    """Each cell of a table's body with the heads of its row and column."""
    for cells in grid.rows:
        first = min((at for at, span in cells.items() if is_label(page.said(span))), default=min(cells))
        for column, value in cells.items():
            labels = [cells[first]] if column != first else []
            labels += [grid.heads[column]] if column in grid.heads else []
            others = [span for other, span in cells.items() if other != column]
            about = tuple(dict.fromkeys([*labels, *others]))
            quotes = _row_quotes(page, cells, labels, value)
            yield Fact(page, Shape.CELL, value, about, tuple(labels), near, quotes)


def _row_quotes(
    page: PrintedPage, cells: Mapping[int, Span], labels: Sequence[Span], value: Span
) -> tuple[Span, ...]:
    """The row in one piece, where it stands so in the text; else the value and its labels."""
    spans = sorted(cells.values())
    if all(not page.text[one[1] : other[0]].strip(" |\t\n;") for one, other in pairwise(spans)):
        return ((spans[0][0], spans[-1][1]),)
    return (value, *labels[:1])


def _told(page: PrintedPage) -> Iterator[Fact]:
    """What the page's blocks say: cells of its tables, sentences, and all that stands under a heading."""
    headings: tuple[Span, ...] = ()
    before: tuple[Span, ...] = ()
    for at, block in enumerate(page.blocks):
        if block.start >= READ_CLOSELY:
            break
        whole = (block.start, min(block.end, READ_CLOSELY))
        text = page.said(whole)
        if block.type is BlockType.HEADING or (is_label(text) and not re.search("[:：]", text)):
            headings = (*headings[-1:], whole)
        near = (*headings, *before)
        for grid in printed_grids(page, block):
            yield from _cells(page, grid, near)
        if not block.cells:
            earlier: tuple[Span, ...] = ()
            for span in sentences_in(page.text, *whole):
                yield Fact(page, Shape.SENTENCE, span, (span,), (), (*headings, *earlier), (span,))
                earlier = (*earlier, span)[-2:]
        yield from _items(page, at, near)
        before = (whole,)


def _items(page: PrintedPage, at: int, near: tuple[Span, ...]) -> Iterator[Fact]:
    """What stands under a heading, or under a short line without an end, up to the next one."""
    block = page.blocks[at]
    head = page.text[block.start : block.end].rpartition("\n")[2]
    is_head = block.type is BlockType.HEADING or (len(head) < 60 and not head.endswith((".", "。", "।")))
    head_text = head.rstrip(":： ")
    if not is_head or not is_label(head_text) or re.search("[:：]", head_text) or block.cells:
        return
    end = None
    for other in page.blocks[at + 1 :]:
        if other.type is BlockType.HEADING or other.cells or other.end - block.end > _LONGEST_ITEMS:
            break
        if end is not None and other.type is not BlockType.LIST:
            break
        end = other.end
    if end is not None:
        start = page.blocks[at + 1].start
        label = (block.end - len(head), block.end)
        yield Fact(page, Shape.ITEMS, (start, end), (label,), (label,), near, ((label[0], end),))


def is_label(text: str) -> bool:
    """Whether a text can name a value: some letters, few words, no sentence."""
    stripped = text.strip()
    if _SENTENCE_END.search(stripped):
        return False
    letters = sum(each.isalpha() or category(each).startswith("M") for each in stripped)
    return (
        letters >= 2
        and len(stripped) <= 60
        and len(stripped.split()) <= 8
        and letters * 2 >= len(stripped.replace(" ", ""))
    )
