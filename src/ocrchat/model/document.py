"""A document as it was read: pages of blocks of lines of words, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ocrchat.model.geometry import Box
from ocrchat.model.table import Table


class BlockType(StrEnum):
    """What a block is to its reader; the names are those of the API."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    FIGURE = "figure"
    FORMULA = "formula"
    CAPTION = "caption"
    HEADER = "header"
    FOOTER = "footer"
    FOOTNOTE = "footnote"
    PAGE_NUMBER = "page-number"


class Source(StrEnum):
    """Where a page's text came from."""

    TEXT_LAYER = "text-layer"
    CPU = "cpu"
    VLM = "vlm"


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces of a line; `confidence` is 0 to 1.

    `bold`, `italic` and `link` (a URL) are known where a text layer tells them.
    """

    text: str
    box: Box
    confidence: float
    bold: bool = False
    italic: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, its words in the order they are read."""

    text: str
    box: Box
    confidence: float
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or the like; `text` joins its lines with line feeds.

    `level` is a heading's rank or a list item's depth, 1 for the outermost; each item of a list is a
    block of its own, its bullet or number a part of its text. `table` is the place of a table block's
    cells in the page's `tables`.
    """

    text: str
    box: Box
    confidence: float
    type: BlockType = BlockType.PARAGRAPH
    level: int | None = None
    lines: tuple[Line, ...] = ()
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page; every box is in pixels of an upright image of `width` by `height`.

    `index` counts from 0 within the document. `rotation` is the degrees clockwise that were undone.
    `confidence` is the mean over characters, 0 when nothing was read. `error` says why a page could
    not be read; its text is then empty.
    """

    index: int
    width: int
    height: int
    text: str = ""
    markdown: str = ""
    blocks: tuple[Block, ...] = ()
    tables: tuple[Table, ...] = ()
    confidence: float = 0.0
    dpi: float | None = None
    rotation: int = 0
    language: str | None = None
    script: str | None = None
    source: Source = Source.CPU
    coverage: float | None = None
    error: str | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader should know about a result; `page` is a page's index, None for the document."""

    code: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class EngineStamp:
    """What read a document, so that a result can be explained later."""

    name: str
    version: str
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """All pages that were asked for, those that could not be read included."""

    pages: tuple[Page, ...]
    engine: EngineStamp | None = None
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """The pages' texts with an empty line between them."""
        return "\n\n".join(page.text for page in self.pages if page.text)

    @property
    def markdown(self) -> str:
        """The pages' Markdown with an empty line between them."""
        return "\n\n".join(page.markdown for page in self.pages if page.markdown)

    @property
    def mean_confidence(self) -> float:
        """The mean confidence of all characters, 0 to 1; 0 for a document without text."""
        return mean_confidence(self.pages)

    @property
    def detected_languages(self) -> tuple[str, ...]:
        """The pages' languages, the most frequent first."""
        found = [page.language for page in self.pages if page.language]
        return tuple(sorted(set(found), key=lambda code: (-found.count(code), code)))


def mean_confidence(pages: tuple[Page, ...]) -> float:
    """The pages' confidence weighted by their characters; 0 when there are none."""
    characters = sum(len(page.text) for page in pages)
    return sum(page.confidence * len(page.text) for page in pages) / characters if characters else 0.0
