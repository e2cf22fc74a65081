"""Read a line with one reader after another until one is sure."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.engines.cpu.line_reader import NOTHING, LineReader, LineReading, PagePixels, ReaderCard
from ocrchat.imaging.quads import Quad


class Cascade:
    """Readers from the cheapest to the best; each is asked only where those before it were in doubt.

    A reading is sure from its reader's own `sure_from`. When none is sure, the one that comes nearest
    to its reader's measure is taken, the later one of equals.
    """

    def __init__(self, readers: Sequence[LineReader]) -> None:
        self.readers = tuple(readers)
        cards = [reader.card for reader in self.readers]
        scripts = frozenset[str]().union(*(card.scripts for card in cards))
        self.card = ReaderCard(" then ".join(card.name for card in cards), "1", scripts, cards[-1].sure_from)

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        """The first sure reading, else the best."""
        best, nearest = NOTHING, -1.0
        for reader in self.readers:
            reading = reader.read(page, quad)
            if reading.confidence >= reader.card.sure_from:
                return reading
            if reading.confidence / reader.card.sure_from >= nearest:
                best, nearest = reading, reading.confidence / reader.card.sure_from
        return best
