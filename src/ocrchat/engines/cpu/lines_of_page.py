"""Hold a page's lines and read each at most once with each reader."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from ocrchat.engines.cpu.line_reader import LineReader, LineReading, PagePixels
from ocrchat.imaging.quads import Quad, is_standing, laid, size_of


class LinesOfPage:
    """The lines that were found on one page, as they run: standing ones are laid down."""

    def __init__(self, pixels: PagePixels, quads: Sequence[Quad], threads: Executor | None) -> None:
        self.pixels = pixels
        self.quads = tuple(laid(quad) if is_standing(quad) else quad for quad in quads)
        self.standing = tuple(is_standing(quad) for quad in quads)
        self._threads = threads
        self._known: dict[tuple[str, int], LineReading] = {}

    def read(self, reader: LineReader, which: Sequence[int]) -> list[LineReading]:
        """The readings of the chosen lines, in their order; several are read at the same time."""
        name = reader.card.name
        unread = [index for index in dict.fromkeys(which) if (name, index) not in self._known]

        def one(index: int) -> LineReading:
            return reader.read(self.pixels, self.quads[index])

        # The longest first, so that no thread is left with one at the end.
        unread.sort(key=lambda index: -size_of(self.quads[index])[0])
        readings = map(one, unread) if self._threads is None else self._threads.map(one, unread)
        for index, reading in zip(unread, readings, strict=True):
            self._known[name, index] = reading
        return [self._known[name, index] for index in which]

    def reversed(self) -> LinesOfPage:
        """The same lines, each read from its other end, upside down; what was read is not taken along."""
        other = LinesOfPage(self.pixels, [], self._threads)
        other.quads, other.standing = tuple(quad[[2, 3, 0, 1]] for quad in self.quads), self.standing
        return other

    def longest(self, count: int) -> list[int]:
        """The lines with the most letters in a row, judged by their shape."""

        def length(index: int) -> tuple[float, int]:
            wide, high = size_of(self.quads[index])
            return -wide / max(high, 1.0), index

        return sorted(range(len(self.quads)), key=length)[:count]


def mean_confidence(readings: Sequence[LineReading]) -> float:
    """The mean over characters, 0 to 1; 0 when nothing was read."""
    letters = sum(len(reading.text) for reading in readings)
    return sum(r.confidence * len(r.text) for r in readings) / letters if letters else 0.0
