"""Write a document's tables, or without any its lines, as CSV that a spreadsheet does not run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from ocrchat.errors import UnknownOption
from ocrchat.exports.clean import cleaned
from ocrchat.exports.grid import grid_of
from ocrchat.exports.outline import lines_of, tables_of
from ocrchat.exports.reading import Reading
from ocrchat.model import Page, Table
from ocrchat.model.flow import tables_of_pages
from ocrchat.model.running import Running, running_of

LineRow = tuple[str, str, str]
LINE_HEADER: LineRow = ("page", "block", "text")

_IN_MEMORY = 1 << 20

_RUN = frozenset("=+-@＝＋－＠")
"""What a formula begins with (OWASP, CSV injection), the full-width forms that some take for it too."""

_DIVIDES = re.compile(r"(?<=[;\n\t])")
_SIGNED = re.compile(r"[-+]\d[\d.,  \u202f]*%?")
"""A number with a sign is no formula, and of use to whoever calculates with it."""


def write(reading: Reading, file: BinaryIO, table: int | None = None) -> None:
    """UTF-8 with BOM, RFC 4180: CRLF, quotes where they are needed; pages and blocks count from 1.

    Several tables follow one another, each after a line that names its page and number; `table`, from 1,
    picks one of them. UnknownOption where there is no such table. The lines wait in a file of their own
    until it is known that there is no table, so that one look at the pages is enough for them.
    """
    file.write(b"\xef\xbb\xbf")
    with SpooledTemporaryFile(_IN_MEMORY) as lines:
        look = look_at(reading, lambda rows: _write_rows(lines, rows))
        if table is not None:
            _write_rows(file, _rows_of(_picked(reading, look, table)))
        elif look.has_tables:
            _write_tables(reading, look, file)
        else:
            _write_rows(file, [LINE_HEADER])
            lines.seek(0)
            copyfileobj(lines, file)


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look at all pages tells: what they have in common, and whether there is any table."""

    running: Running
    has_tables: bool


def look_at(reading: Reading, take: Callable[[Iterator[LineRow]], None]) -> Look:
    """Look at all pages once; the lines of each are taken as long as no table was seen."""
    tabled = 0

    def seen() -> Iterator[Page]:
        nonlocal tabled
        for page in reading.pages:
            tabled += bool(tables_of(page))
            if not tabled:
                take(rows_of_lines(page))
            yield page

    running = running_of(seen())
    return Look(running, tabled > 0)


def tables_numbered(reading: Reading, look: Look) -> Iterator[tuple[int, Page, Table]]:
    """The document's tables from 1, each with the page that it begins on; parts on other pages are joined."""
    if look.has_tables:
        for number, (page, table) in enumerate(tables_of_pages(reading.pages, look.running), 1):
            yield number, page, table


def rows_of_lines(page: Page) -> Iterator[LineRow]:
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
    """The cell with an apostrophe before what a spreadsheet would take for a formula.

    Not only at its start: where the list separator is a semicolon, Excel divides our lines at semicolons,
    tabs and line ends within cells, whatever quotes are around them.
    """
    start = len(cell) - len(cell.lstrip(" \n\t\u00a0"))
    guard = "'" if cell.startswith("\t") or _is_formula(cell[start:]) else ""
    first, *others = _DIVIDES.split(cell[start:])
    return (
        guard + cell[:start] + first + "".join(f"'{each}" if _is_formula(each) else each for each in others)
    )


def _is_formula(text: str) -> bool:
    begun = text.lstrip('"')
    return begun[:1] in _RUN and not _SIGNED.fullmatch(begun.rstrip('" \n'))


def _write_tables(reading: Reading, look: Look, file: BinaryIO) -> None:
    tables = tables_numbered(reading, look)
    first = list(islice(tables, 2))
    for number, page, table in chain(first, tables):
        if len(first) > 1:
            _write_rows(file, [[]] * (number > 1))
            _write_rows(file, [[f"Table {number}, page {page.index + 1}"]])
        _write_rows(file, _rows_of(table))


def _picked(reading: Reading, look: Look, wanted: int) -> Table:
    count = 0
    for number, _, table in tables_numbered(reading, look):
        if number == wanted:
            return table
        count = number
    raise UnknownOption("table", str(wanted), [f"1 to {count}"] if count else ())


def _rows_of(table: Table) -> list[list[str]]:
    return grid_of(table).texts()


def _write_rows(file: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    file.write(text.getvalue().encode())
