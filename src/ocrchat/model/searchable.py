"""What is put under a page so that its text can be searched for and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageLayer:
    """The invisible text of one page.

    `content` are PDF operators (ISO 32000-2, 9.4) in pixels of the upright page image, `width` by
    `height`, origin bottom-left, y up; its strings are codes of the document's letters. Each marked
    content N of it is tagged as `tags[N]`. `dpi` and `rotation` are the page's. `text` is what the content
    says; a page that says so by itself needs no layer. The layer stands for all that the page says, or
    `is_addition` to text of its own that is sound.
    """

    index: int
    width: int
    height: int
    dpi: float | None
    rotation: int
    text: str
    content: bytes
    tags: tuple[str, ...]
    is_addition: bool = False


@dataclass(frozen=True, slots=True)
class Imprint:
    """What is said of a whole PDF: its title, its language, and the letters that codes from 1 stand for."""

    title: str
    language: str | None
    letters: Sequence[str]


Printing = Callable[[Iterable[PageLayer], Callable[[], Imprint]], Iterator[bytes]]
"""Makes a PDF of a document's own pages and their layers; asks for the imprint after the last layer."""
