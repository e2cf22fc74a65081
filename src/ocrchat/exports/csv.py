"""Write a document's tables, or without any its lines, as CSV that a spreadsheet does not run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from ocrchat.errors import UnknownOption
from ocrchat.exports.clean import cleaned
from ocrchat.exports.grid import grid_of
from ocrchat.exports.outline import lines_of, tables_of
from ocrchat.exports.reading import Reading
from ocrchat.model import Page, Table
from ocrchat.model.flow import tables_of_pages
from ocrchat.model.running import running_of

LINE_HEADER = ("page", "block", "text")

_RUN = "=+-@\t\r＝＋－＠"
"""What a formula begins with (OWASP, CSV injection), the full-width forms that some take for it too."""

_SIGNED = re.compile(r"[-+]\d[\d.,  \u202f]*%?")
"""A number with a sign is no formula, and of use to whoever calculates with it."""


def write(reading: Reading, file: BinaryIO, table: int | None = None) -> None:
    """UTF-8 with BOM, RFC 4180: CRLF, quotes where they are needed; pages and blocks count from 1.

    Several tables follow one another, each after a line that names its page and number; `table`, from 1,
    picks one of them. UnknownOption where there is no such table.
    """
    file.write(b"\xef\xbb\xbf")
    if table is not None:
        _write_rows(file, _rows_of(_picked(reading, table)))
        return
    if not any(tables_of(page) for page in reading.pages):
        _write_rows(file, [LINE_HEADER])
        for page in reading.pages:
            _write_rows(file, rows_of_lines(page))
        return
    several = len(list(islice(_numbered(reading), 2))) > 1
    for number, page, each in _numbered(reading):
        if several:
            _write_rows(file, [[]] * (number > 1))
            _write_rows(file, [[f"Table {number}, page {page.index + 1}"]])
        _write_rows(file, _rows_of(each))


def rows_of_lines(page: Page) -> Iterator[tuple[str, str, str]]:
    """(page, block, text) of each line of a page."""
    for place, block in enumerate(page.blocks, 1):
        for line in lines_of(page, block):
            if line.text.strip():
                yield str(page.index + 1), str(place), cleaned(line.text)
    if not page.blocks:
        for text in page.text.splitlines():
            if text.strip():
                yield str(page.index + 1), "1", cleaned(text)


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula."""
    text = cell.lstrip(" \n\u00a0")
    return f"'{cell}" if text and text[0] in _RUN and not _SIGNED.fullmatch(text) else cell


def _picked(reading: Reading, wanted: int) -> Table:
    count = 0
    for number, _, table in _numbered(reading):
        if number == wanted:
            return table
        count = number
    raise UnknownOption("table", str(wanted), [f"1 to {count}"] if count else ())


def _numbered(reading: Reading) -> Iterator[tuple[int, Page, Table]]:
    """The document's tables from 1, each with the page that it begins on; parts on other pages are joined."""
    if not any(tables_of(page) for page in reading.pages):
        return
    for number, (page, table) in enumerate(tables_of_pages(reading.pages, running_of(reading.pages)), 1):
        yield number, page, table


def _rows_of(table: Table) -> list[list[str]]:
    return grid_of(table).texts()


def _write_rows(file: BinaryIO, rows: Iterator[tuple[str, str, str]] | Sequence[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    file.write(text.getvalue().encode())
