"""Say what reads a line: one card, one method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Quad
from ocrchat.imaging.scale import bgr_of, grey_of

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PagePixels:
    """A page's pixels in both forms that readers want: uint8 (h, w) and (h, w, 3) in the order BGR."""

    grey: Pixels
    colour: Pixels

    @staticmethod
    def of(pixels: Pixels) -> PagePixels:
        """Both forms of a grey or RGB image."""
        return PagePixels(grey_of(pixels), bgr_of(pixels))


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A word of a line; `start` and `end` are shares (0 to 1) of the way along the line's quad.

    `confidence` is the reader's own figure: what a caller is told is made of it at the end (`calibration`).
    `least` is the confidence of its least sure letter, or of a space beside it, as far as the reader tells.
    `reader` is who read it.
    """

    text: str
    start: float
    end: float
    confidence: float
    least: float
    reader: ReaderCard | None = None


@dataclass(frozen=True, slots=True)
class LineReading:
    """What a reader makes of a line: logical order, NFC; `confidence` is 0 to 1, 0 for no text."""

    text: str
    confidence: float
    words: tuple[WordSpan, ...] = ()


NOTHING = LineReading("", 0.0)


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """What a reader is: its name and version for the record, and the ISO 15924 scripts it reads.

    From a confidence of `sure_from` on its readings need no second opinion. With `sure_of_word` its words are
    judged one by one: those whose `least` is below it need one.
    """

    name: str
    version: str
    scripts: frozenset[str]
    sure_from: float
    sure_of_word: float | None = None


class LineReader(Protocol):
    """Reads lines one by one; several threads may call it at the same time, no call affects another."""

    @property
    def card(self) -> ReaderCard:
        """The reader's card."""
        ...

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        """What stands in the quad, which runs left to right (a standing line's is laid down first)."""
        ...
