"""Hold a page's lines and read each at most once with each reader."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ocrchat.engines.cpu.line_reader import LineReader, LineReading, PagePixels, WordSpan
from ocrchat.imaging.quads import Quad, is_standing, laid, part_of, size_of
from ocrchat.imaging.repeats import STRIP_HEIGHT, repeats_one_mark
from ocrchat.imaging.strips import strip

Part = tuple[int, float, float]
"""A line by its index, and the shares (0 to 1) of the way along it where a part of it begins and ends."""


class LinesOfPage:
    """The lines that were found on one page, as they run: standing ones are laid down."""

    def __init__(self, pixels: PagePixels, quads: Sequence[Quad], threads: Executor | None) -> None:
        self.pixels = pixels
        self.quads = tuple(laid(quad) if is_standing(quad) else quad for quad in quads)
        self.standing = tuple(is_standing(quad) for quad in quads)
        self.script_scores: dict[int, NDArray[np.float32]] = {}
        """What the script probe made of a line, by the line's index; filled by it."""
        self._threads = threads
        self._known: dict[tuple[str, Part], LineReading] = {}
        self._rows: dict[int, bool] = {}

    def read(self, reader: LineReader, which: Sequence[int]) -> list[LineReading]:
        """The readings of the chosen lines, in their order; several are read at the same time."""
        return self.read_parts(reader, [(index, 0.0, 1.0) for index in which])

    def read_parts(self, reader: LineReader, which: Sequence[Part]) -> list[LineReading]:
        """The readings of the chosen parts of lines, in their order."""
        name = reader.card.name
        unread = [part for part in dict.fromkeys(which) if (name, part) not in self._known]

        def one(part: Part) -> LineReading:
            index, start, end = part
            reading = reader.read(self.pixels, part_of(self.quads[index], start, end))
            words = tuple(
                WordSpan(word.text, word.start, word.end, word.confidence, word.least, reader.card)
                for word in reading.words
            )
            return replace(reading, words=words)

        # The longest first, so that no thread is left with one at the end.
        unread.sort(key=lambda part: -size_of(self.quads[part[0]])[0] * (part[2] - part[1]))
        readings = map(one, unread) if self._threads is None else self._threads.map(one, unread)
        for part, reading in zip(unread, readings, strict=True):
            self._known[name, part] = reading
        return [self._known[name, part] for part in which]

    def reversed(self) -> LinesOfPage:
        """The same lines, each read from its other end, upside down; what was read is not taken along."""
        other = LinesOfPage(self.pixels, [], self._threads)
        other.quads, other.standing = tuple(quad[[2, 3, 0, 1]] for quad in self.quads), self.standing
        return other

    def shape(self, index: int) -> float:
        """How many times as long as high a line is."""
        wide, high = size_of(self.quads[index])
        return wide / max(high, 1.0)

    def longest(self, count: int) -> list[int]:
        """The lines with the most letters in a row, judged by their shape; rows of one mark come last."""

        def length(index: int) -> tuple[float, int]:
            return -self.shape(index), index

        found: list[int] = []
        rows: list[int] = []
        for index in sorted(range(len(self.quads)), key=length):
            if len(found) == count:
                break
            (rows if self._is_row(index) else found).append(index)
        return (found + rows)[:count]

    def _is_row(self, index: int) -> bool:
        if index not in self._rows:
            self._rows[index] = repeats_one_mark(strip(self.pixels.grey, self.quads[index], STRIP_HEIGHT))
        return self._rows[index]


def mean_confidence(readings: Sequence[LineReading]) -> float:
    """The mean over characters, 0 to 1; 0 when nothing was read."""
    letters = sum(len(reading.text) for reading in readings)
    return sum(r.confidence * len(r.text) for r in readings) / letters if letters else 0.0
