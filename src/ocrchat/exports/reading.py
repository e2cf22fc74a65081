"""Say what every export is made from: pages one by one, and what was said about the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ocrchat.model import BlockType, Box, Document, EngineStamp, Note, Page
from ocrchat.model.searchable import Printing


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is put into a file: encoded bytes, and its size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


Cutting = Callable[[Page, Box], Picture | None]
"""Cuts a part out of a page's picture; None where there is no picture of the page any more."""


def no_picture(page: Page, box: Box) -> Picture | None:
    """The Cutting of a document whose pages' pictures nobody kept."""
    return None


@dataclass(frozen=True, slots=True)
class About:
    """What all pages tell together: the language of most, the document's notes and theirs, any figure."""

    language: str | None = None
    notes: tuple[Note, ...] = ()
    has_figures: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A document on its way into a file.

    `pages` may be gone through any number of times, and is gone through from the start each time; a
    long document's are made as they are asked for, so an export keeps none. `title` is the upload's
    name without its ending. `about` is free once the pages have been gone through, and goes through them
    before, so an export asks for it as late as it can. `printing` is None where the pages themselves are
    not at hand.
    """

    pages: Iterable[Page]
    page_count: int
    title: str = ""
    about: Callable[[], About] = About
    engine: EngineStamp | None = None
    cut: Cutting = no_picture
    printing: Printing | None = None


def reading_of(
    document: Document, title: str = "", cut: Cutting = no_picture, printing: Printing | None = None
) -> Reading:
    """A document that is in memory already, as something to write down."""
    languages = document.detected_languages
    figures = (block.type is BlockType.FIGURE for page in document.pages for block in page.blocks)
    about = About(languages[0] if languages else None, document.notes, any(figures))
    return Reading(
        pages=document.pages,
        page_count=len(document.pages),
        title=title,
        about=lambda: about,
        engine=document.engine,
        cut=cut,
        printing=printing,
    )
