"""What a document is made of: pages of blocks of lines of words, in reading order."""

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
    """One printed line, its words in the order they are read.

    `is_ended` is known of lines that their author ended, as of an address: the next does not run on.
    """

    text: str
    box: Box
    confidence: float
    words: tuple[Word, ...] = ()
    is_ended: bool = False


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
    """Something the reader should know about a result.

    `page` is a page's index, None for the document; `box` the place on it, where it is about one.
    """

    code: str
    message: str
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class EngineStamp:
    """What read a document, so that a result can be explained later."""

    name: str
    version: str
    models: tuple[str, ...] = ()
