"""What is put under a page so that its text can be searched for and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """An element of the structure (ISO 32000-2, 14.8.4) at `path` below the document.

    Each step is a type and, after a space, which one of its page: steps that are the same are one element.
    `content` is the marked content that it has, None for an empty cell; `rows` and `columns` a cell's spans.
    """

    path: tuple[str, ...]
    content: int | None
    rows: int = 1
    columns: int = 1


def kind_of(step: str) -> str:
    """The type of a step of a path."""
    return step.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class PageLayer:
    """The invisible text of one page.

    `content` are PDF operators (ISO 32000-2, 9.4) in pixels of the upright page image, `width` by
    `height`, origin bottom-left, y up; its strings are codes of the document's letters. `tags` say
    what its marked contents are, in their order. `dpi` and `rotation` are the page's. `text` is what
    the content says; a page that says so by itself needs no layer. The layer stands for all that the page
    says, or `is_addition` to text of its own that is sound.
    """

    index: int
    width: int
    height: int
    dpi: float | None
    rotation: int
    text: str
    content: bytes
    tags: tuple[Tag, ...]
    is_addition: bool = False


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is said of a whole PDF: its title, its language, and the letters that codes from 1 stand for."""

    title: str
    language: str | None
    letters: Sequence[str]


Printing = Callable[[Iterable[PageLayer], Callable[[], Imprint]], Iterator[bytes]]
"""Makes a PDF of a document's own pages and their layers; asks for the imprint after the last layer."""
