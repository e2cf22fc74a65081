"""Write a document's tables, or without any its lines, as a workbook that runs nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ocrchat.exports.clean import cleaned
from ocrchat.exports.csv import LINE_HEADER, LineRow, look_at, tables_numbered
from ocrchat.exports.grid import Grid, grid_of
from ocrchat.exports.numbers import Number, decimal_comma_of, number_of
from ocrchat.exports.reading import Reading
from ocrchat.exports.script import runs_leftward

_IN_MEMORY = 1 << 20
_MOST_LETTERS = 32_767
_MOST_ROWS = 1_048_576
"""Of a cell, of a sheet (ECMA-376 as Excel reads it)."""

_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(reading: Reading, file: BinaryIO) -> None:
    """A sheet for each table, named by number and page; spans are merged cells, numbers are numbers.

    Text is text: no formula, link or date is made of it. Tables are numbered as in `csv`, and one that goes
    on on the next page is one; without any, the lines are on a sheet.
    """
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8") as lines:
        look = look_at(reading, lambda rows: lines.writelines(f"{json.dumps(row)}\n" for row in rows))
        with xlsxwriter.Workbook(file, _PLAIN | {"constant_memory": not look.has_tables}) as book:
            book.set_properties({"title": cleaned(reading.title)[:255]})
            styles = _Styles(book)
            for number, page, table in tables_numbered(reading, look):
                sheet = book.add_worksheet(f"Table {number}, page {page.index + 1}")
                _fill(sheet, grid_of(table), page.language, styles)
            if not look.has_tables:
                lines.seek(0)
                _fill_with_lines(book.add_worksheet("Lines"), map(json.loads, lines), styles)


class _Styles:
    """The few ways a cell may look, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, bool], Format] = {}

    def of(self, shape: str = "@", *, head: bool = False) -> Format:
        """The format for a number's shape or, `@`, for text."""
        if (shape, head) not in self._made:
            look = {"num_format": shape, "text_wrap": True, "valign": "top", "bold": head}
            self._made[shape, head] = self._book.add_format(look)
        return self._made[shape, head]


def _fill(sheet: Worksheet, grid: Grid, language: str | None, styles: _Styles) -> None:
    texts = [slot.text for row in grid.rows for slot in row]
    comma = decimal_comma_of(texts, language)
    if runs_leftward(" ".join(texts)):
        sheet.right_to_left()
    for row in grid.rows:
        for slot in row:
            head = slot.row < grid.header_rows
            number = None if head else number_of(slot.text, comma)
            style = styles.of(_shape(number) if number else "@", head=head)
            last_row, last_column = slot.row + slot.rowspan - 1, slot.column + slot.colspan - 1
            if (last_row, last_column) != (slot.row, slot.column):
                sheet.merge_range(slot.row, slot.column, last_row, last_column, "", style)
            if number:
                sheet.write_number(slot.row, slot.column, number.value, style)
            elif slot.text:
                sheet.write_string(slot.row, slot.column, slot.text[:_MOST_LETTERS], style)
    for column, width in enumerate(_widths(grid)):
        sheet.set_column(column, column, width)


def _fill_with_lines(sheet: Worksheet, lines: Iterable[LineRow], styles: _Styles) -> None:
    sheet.set_column(2, 2, 100)
    for column, name in enumerate(LINE_HEADER):
        sheet.write_string(0, column, name, styles.of(head=True))
    for row, (page, block, text) in enumerate(islice(lines, _MOST_ROWS - 1), 1):
        sheet.write_number(row, 0, int(page))
        sheet.write_number(row, 1, int(block))
        sheet.write_string(row, 2, text[:_MOST_LETTERS], styles.of())


def _shape(number: Number) -> str:
    """The number format that shows the decimals that were printed (ECMA-376, 18.8.30)."""
    whole = "#,##0" if number.groups else "0"
    part = "." + "0" * number.decimals if number.decimals else ""
    return whole + part + ("%" if number.percent else "")


def _widths(grid: Grid) -> list[float]:
    longest = [8.0] * grid.columns
    for row in grid.rows:
        for slot in row:
            if slot.colspan == 1 and slot.text:
                letters = max(map(len, slot.text.split("\n")))
                longest[slot.column] = max(longest[slot.column], min(60.0, letters + 2.0))
    return longest
