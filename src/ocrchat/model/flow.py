"""Join a document's pages into one flow: paragraphs and tables go on over page breaks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ocrchat.model.document import Block, BlockType, Note, Page
from ocrchat.model.pieces import pieces_of
from ocrchat.model.running import RUNNING, Key, Running, running_of, typed
from ocrchat.model.table import Table

_CONTINUED = "its last table goes on on the next page; in the document's Markdown and CSV they are one"

_ENDS = frozenset(".!?:;…。！？：；।॥؟۔։።")
_CLOSING = "\"'”’»)]*_ "
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"(?<![^\W\d_])[^\W\d_]++(?:[-\u2010][^\W\d_]++)+")
_BREAKS = tuple(hyphen + space for hyphen in "-\u2010\u00ad" for space in " \n")
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]++)([-\u2010\u00ad])[ \n]([^\W\d_]+)")
_HAN = re.compile("[\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_LOW, _HIGH = 0.55, 0.45
"""Shares of a page's height: a table that goes on ends below the one and begins above the other."""
_ASIDE = 0.04
"""Share of a page's width by which the sides of both parts differ at most."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A block and its Markdown; a table with the part of it that stands on `page`, the last so far."""

    block: Block
    text: str
    page: Page
    table: Table | None = None
    part: Table | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What has to be known of all pages before the first is written."""

    running: Running
    words: Collection[str]


def ground_of(pages: Iterable[Page]) -> Ground:
    """Headers and footers of a document, and its words in small letters, compounds too; gone through once."""
    words: set[str] = set()

    def heard() -> Iterator[Page]:
        for page in pages:
            words.update(_words_of(page.text))
            yield page

    return Ground(running_of(heard()), words)


@lru_cache(maxsize=600)
def _words_of(text: str) -> frozenset[str]:
    """The words of a page in small letters; kept, as a long job is asked for again while it grows."""
    small = text.casefold()
    return frozenset(_WORD.findall(small)).union(_COMPOUND.findall(small))


def markdown_of_pages(pages: Iterable[Page], ground: Ground) -> Iterator[str]:
    """The document's Markdown in pieces that an empty line parts.

    Page numbers are left out, a header or footer stands where it was printed first; one with another number
    than the page's is another. A paragraph and a table that go on on the next page are one, a paragraph that
    goes on in the next column too; a word that a line's end broke is whole where the document has it whole
    elsewhere.
    """
    shown: set[Key] = set()
    held: Chunk | None = None
    for page in pages:
        chunks = _in_flow(typed(page, ground.running), ground.running, shown)
        if isinstance(chunks, str):
            if held is not None:
                yield _mended(held.text, ground.words)
                held = None
            if chunks:
                yield _mended(chunks, ground.words)
            continue
        for chunk in chunks:
            joined = _joined(held, chunk) if held is not None else None
            if joined is not None:
                held = joined
                continue
            if held is not None:
                yield _mended(held.text, ground.words)
            held = chunk
    if held is not None:
        yield _mended(held.text, ground.words)


def tables_of_pages(pages: Iterable[Page], running: Running) -> Iterator[tuple[Page, Table]]:
    """The document's tables, each with the page that it begins on; those that go on are one."""
    held: tuple[Page, Table] | None = None
    part: tuple[Page, Table] | None = None
    for each in pages:
        page = typed(each, running)
        first, last = _edge(page, 0), _edge(page, -1)
        for table in page.tables:
            if not table.cells:
                continue
            if held and part and table is first and goes_on(part[1], part[0], table, page, held[1]):
                held = held[0], lengthened(held[1], table)
            else:
                if held:
                    yield held
                held = page, table
            part = (page, table) if table is last else None
        if part is not None and part[0] is not page:
            part = None
    if held:
        yield held


def notes_of_flow(pages: Sequence[Page]) -> tuple[Note, ...]:
    """A note for each page whose last table goes on on the next; the pages are `with_running`."""
    notes = []
    for page, following in pairwise(pages):
        last, first = _edge(page, -1), _edge(following, 0)
        if last is not None and first is not None and goes_on(last, page, first, following, last):
            notes.append(Note("table-continued", _CONTINUED, page.index))
    return tuple(notes)


def goes_on(part: Table, page: Page, other: Table, following: Page, whole: Table) -> bool:
    """Whether a table, the last part of which ends a page, goes on with one that begins the page after.

    The rest has as many columns, between the same sides, begins high on its page where the part before ended
    low on its own, and has the same head or none.
    """
    if following.index != page.index + 1 or _columns(part) != _columns(other):
        return False
    if part.box.y1 < _LOW * page.height or other.box.y0 > _HIGH * following.height:
        return False
    one, two = max(1, page.width), max(1, following.width)
    sides = (part.box.x0 / one - other.box.x0 / two, part.box.x1 / one - other.box.x1 / two)
    if max(map(abs, sides)) > _ASIDE:
        return False
    head = other.header_rows
    return not head or _texts(whole, whole.header_rows) == _texts(other, head)


def lengthened(table: Table, rest: Table) -> Table:
    """Both as one, the head once; boxes of the rest's cells stay those on their own page."""
    head = rest.header_rows
    rows = max(cell.row + cell.rowspan for cell in table.cells) - head
    cells = tuple(replace(cell, row=cell.row + rows) for cell in rest.cells if cell.row >= head)
    more = rest.html.removesuffix("</table>").split("<tr>")[1 + head :]
    html = table.html.removesuffix("</table>") + "".join(f"<tr>{row}" for row in more) + "</table>"
    return Table(table.box, table.cells + cells, html, table.header_rows)


def _in_flow(page: Page, running: Running, shown: set[Key]) -> list[Chunk] | str:
    """The page's blocks with their Markdown; its Markdown whole where that does not tell which is whose."""
    pieces = pieces_of(page)
    if pieces is None:
        return page.markdown
    kept = []
    for block, text in pieces:
        if block.type is BlockType.PAGE_NUMBER:
            continue
        if block.type in RUNNING:
            said = running.said_by(block, page)
            if said in shown:
                continue
            if said is not None:
                shown.add(said)
        has_table = block.table is not None and block.table < len(page.tables)
        table = page.tables[block.table or 0] if has_table else None
        kept.append(Chunk(block, text, page, table, table))
    return kept


def _joined(held: Chunk, chunk: Chunk) -> Chunk | None:
    """Both as one where the second goes on with the first over a page's end, a paragraph over a column's."""
    if held.page.index + 1 != chunk.page.index and not _is_next_column(held, chunk):
        return None
    if held.table and held.part and chunk.table and held.table.cells and chunk.table.cells:
        if not goes_on(held.part, held.page, chunk.table, chunk.page, held.table):
            return None
        whole = lengthened(held.table, chunk.table)
        return Chunk(chunk.block, _table_text(held, chunk, whole), chunk.page, whole, chunk.table)
    if held.block.type is not BlockType.PARAGRAPH or chunk.block.type is not BlockType.PARAGRAPH:
        return None
    if held.table is not None or chunk.table is not None or not _goes_on(held.text, chunk.text):
        return None
    return Chunk(chunk.block, _run_on(held.text, chunk.text), chunk.page)


def _is_next_column(held: Chunk, chunk: Chunk) -> bool:
    """Whether a paragraph stands beside the one that is read before it, and begins higher on the page."""
    one, other = held.block.box, chunk.block.box
    if held.page.index != chunk.page.index or held.table is not None or chunk.table is not None:
        return False
    return other.y0 < one.y0 and (other.x0 >= one.x1 or other.x1 <= one.x0)


def _goes_on(text: str, following: str) -> bool:
    """Whether a sentence is broken off here and goes on there, as small letters tell; Han have none."""
    end, start = text.rstrip(_CLOSING)[-1:], following.lstrip(_CLOSING)[:1]
    if not end or not start or end in _ENDS:
        return False
    return start.islower() or bool(_HAN.match(end) and _HAN.match(start))


def _run_on(text: str, following: str) -> str:
    """Both parts with a space between them, which `_mended` takes away where it broke a word."""
    end, start = text[-1], following[0]
    return text + ("" if _HAN.match(end) and _HAN.match(start) else " ") + following


def _table_text(held: Chunk, chunk: Chunk, whole: Table) -> str:
    """The longer table's Markdown: more rows of a pipe table, or HTML where either part has that."""
    if held.text.startswith("|") and chunk.text.startswith("|"):
        return held.text + "".join("\n" + row for row in chunk.text.split("\n")[2:])
    return whole.html.replace("<tr>", "\n<tr>").replace("</table>", "\n</table>")


def _mended(text: str, words: Collection[str]) -> str:
    """The text, words whole that a line's end broke, where the document has them whole elsewhere."""
    if text.startswith(("|", "<")) or not any(each in text for each in _BREAKS):
        return text

    def whole(found: re.Match[str]) -> str:
        first, hyphen, second = found.groups()
        return unbroken(first, hyphen, second, words) or found[0]

    return _BROKEN.sub(whole, text)


def unbroken(first: str, hyphen: str, second: str, words: Collection[str]) -> str | None:
    """The word whose parts stand at a line's end and the next one's start, as the document has it elsewhere.

    None where it has neither the word nor the compound; a soft hyphen always breaks a word.
    """
    if not second[0].islower():
        return None
    if (first + second).casefold() in words or hyphen == "\u00ad":
        return first + second
    return f"{first}-{second}" if f"{first}-{second}".casefold() in words else None


def _edge(page: Page, place: int) -> Table | None:
    """The table that a page's flow ends or begins with."""
    flow = [block for block in page.blocks if block.type not in RUNNING and block.text]
    number = flow[place].table if flow else None
    if number is None or number >= len(page.tables) or not page.tables[number].cells:
        return None
    return page.tables[number]


def _columns(table: Table) -> int:
    return max(cell.column + cell.colspan for cell in table.cells)


def _texts(table: Table, rows: int) -> list[str]:
    return [" ".join(cell.text.split()) for cell in table.cells if cell.row < rows]
