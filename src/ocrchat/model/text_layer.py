"""What a file itself says of a page's text, on its way from a decoder to its judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocrchat.model.document import Note
from ocrchat.model.geometry import Box


@dataclass(frozen=True, slots=True)
class Style:
    """How words are set: `size` in pixels of the page, `angle` in degrees clockwise of how their line runs.

    `hidden` is text that is not painted (render modes 3 and 7 of ISO 32000-2, or fully transparent),
    `light` text that cannot be seen on white.
    """

    size: float
    angle: float = 0.0
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    light: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image on a page; `digest` is the same for the same image of a document.

    `width` and `height` are pixels of the image itself.
    """

    box: Box
    digest: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Field:
    """What is filled into a form's field, or written on the page as a comment; empty boxes included."""

    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place of the page that leads to an address."""

    box: Box
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class TextLayer:
    """The words of one page in the file's order, and what else is drawn on it.

    All places are in pixels of the image that the page would be drawn as, `width` by `height` at `dpi`.
    `spans` is int32 (n, 2), where each word begins and ends in `text`; `boxes` float32 (n, 4), its
    rectangle from ascender to descender; `ends` float32 (n, 4), the middles (x, y) of its first and last
    characters; `styles` int32 (n,), its place in `style_table`; `unmapped` int32 (n,), how many of its
    characters have no meaning in their font; `covered` bool (n,), whether something opaque was painted
    over it. `rules` are thin boxes of drawn lines, `grounds` boxes that are filled with other than white,
    `shapes` small drawn shapes that may be outlines of letters. `renamed` are letters that a font of the
    page may say in place of those that it draws.
    """

    width: int
    height: int
    dpi: float | None
    scale: float
    text: str
    spans: NDArray[np.int32]
    boxes: NDArray[np.float32]
    ends: NDArray[np.float32]
    styles: NDArray[np.int32]
    unmapped: NDArray[np.int32]
    covered: NDArray[np.bool_]
    style_table: tuple[Style, ...]
    rules: tuple[Box, ...] = ()
    grounds: tuple[Box, ...] = ()
    shapes: tuple[Box, ...] = ()
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()
    fields: tuple[Field, ...] = ()
    renamed: str = ""
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        """The number of words."""
        return len(self.spans)

    def word(self, index: int) -> str:
        """The characters of a word."""
        start, end = self.spans[index]
        return self.text[start:end]
