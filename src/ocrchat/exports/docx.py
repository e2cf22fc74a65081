"""Write a document for Word (ECMA-376): headings, lists, tables, pictures, and text in any script."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from ocrchat.exports import word_package
from ocrchat.exports.flow import spans_of
from ocrchat.exports.grid import grid_of
from ocrchat.exports.listing import items_of
from ocrchat.exports.outline import Part, parts_of
from ocrchat.exports.reading import Cutting, Reading
from ocrchat.exports.script import is_spaced
from ocrchat.exports.word_body import Frame, break_before, paragraph, picture, styled, table
from ocrchat.exports.word_lists import Numbering
from ocrchat.exports.word_package import Relations
from ocrchat.model import BlockType, Page, Table
from ocrchat.model.flow import ground_of
from ocrchat.model.running import typed

_IN_MEMORY = 1 << 22

_STYLES = {
    BlockType.CAPTION: "Caption",
    BlockType.FOOTNOTE: "Footnote",
    BlockType.HEADER: "Aside",
    BlockType.FOOTER: "Aside",
    BlockType.PAGE_NUMBER: "Aside",
}


def write(reading: Reading, file: BinaryIO) -> None:
    """A .docx; each page begins a new one. A page at a time is in memory; they are gone through twice.

    Text names its language where that is not the first page's.
    """
    numbering, relations, ground = Numbering(), Relations(), ground_of(reading.pages)
    frame: Frame | None = None
    language: str | None = None
    with ZipFile(file, "w", ZIP_DEFLATED) as package, SpooledTemporaryFile(_IN_MEMORY) as body:
        for place, each in enumerate(reading.pages):
            page = typed(each, ground.running)
            own = Frame.of(page)
            frame, language = frame or own, language or page.language
            pieces = list(_page(page, language, reading.cut, own, numbering, relations, ground.words))
            for name, data in relations.pictures_added():
                package.writestr(name, data)
            if place:
                pieces = break_before(pieces)
            for piece in pieces:
                body.write(piece.encode())
        with package.open(word_package.DOCUMENT, "w", force_zip64=True) as document:
            document.write(word_package.document_head().encode())
            body.seek(0)
            copyfileobj(body, document)
            document.write(word_package.document_foot(frame or Frame()).encode())
        for name, text in word_package.parts(reading, language, numbering.xml(), relations):
            package.writestr(name, text)


def _page(
    page: Page,
    usual: str | None,
    cut: Cutting,
    frame: Frame,
    numbering: Numbering,
    relations: Relations,
    words: Collection[str],
) -> Iterator[str]:
    """The paragraphs and tables of a page; its language stands on each run where it is not the usual one."""
    spaced = is_spaced(page.language, page.script)
    language = page.language if page.language != usual else None
    if page.error:
        yield paragraph(styled(f"This page could not be read: {page.error}", relations), style="Aside")
    for part in parts_of(page):
        yield from _part(part, page, cut, frame, numbering, relations, words, spaced, language)


def _part(
    part: Part,
    page: Page,
    cut: Cutting,
    frame: Frame,
    numbering: Numbering,
    relations: Relations,
    words: Collection[str],
    spaced: bool,
    language: str | None,
) -> Iterator[str]:
    if isinstance(part, Table):
        yield table(grid_of(part), frame, relations, language)
        return
    if isinstance(part, tuple):
        run = numbering.begin()
        for item in items_of(part, spaced=spaced, words=words):
            text = styled(item.spans, relations, language)
            yield paragraph(text, style="ListParagraph", numbered=run.place_of(item), depth=item.level)
        return
    spans = spans_of(part, spaced=spaced, words=words)
    if part.type is BlockType.FIGURE and (shown := cut(page, part.box)) is not None:
        yield picture(shown, relations.picture(shown), frame)
    if not spans:
        return
    text = styled(spans, relations, language)
    if part.type is BlockType.HEADING:
        yield paragraph(text, style=f"Heading{min(max(part.level or 1, 1), 6)}")
    else:
        yield paragraph(text, style=_STYLES.get(part.type, ""))
