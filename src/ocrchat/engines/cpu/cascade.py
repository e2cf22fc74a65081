"""Read lines with one reader after another, each asked only where those before it were in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.engines.cpu.line_reader import LineReader, LineReading
from ocrchat.engines.cpu.lines_of_page import LinesOfPage

SAMPLE = 8
"""Lines, the longest, by which a page is judged."""
MOST_DOUBTFUL = 0.6
"""Share of the sample from which a reader is not asked for the rest of a page."""


def best_readings(
    lines: LinesOfPage, readers: Sequence[LineReader], which: Sequence[int]
) -> list[LineReading]:
    """For each chosen line the first reading that its reader is sure of, else the nearest to it.

    `readers` go from the cheapest to the best. How near a reading comes is its confidence over the
    reader's `sure_from`; of equals the later reader's is taken. A reader of fewer scripts than the first
    is taken only where it is sure: on a line of two scripts it would make the other one up.
    """
    first, *others = _fitting(lines, readers)
    best = dict(zip(which, lines.read(first, which), strict=True))
    nearness = {index: reading.confidence / first.card.sure_from for index, reading in best.items()}
    for reader in others:
        doubtful = [index for index in which if nearness[index] < 1]
        for index, reading in zip(doubtful, lines.read(reader, doubtful), strict=True):
            near = reading.confidence / reader.card.sure_from
            if near >= (nearness[index] if reader.card.scripts >= first.card.scripts else 1):
                best[index], nearness[index] = reading, near
    return [best[index] for index in which]


def _fitting(lines: LinesOfPage, readers: Sequence[LineReader]) -> Sequence[LineReader]:
    """The readers without the first where that is in doubt about most of a sample of the page.

    On a receipt or a photo the cheap reader would be asked in vain. Only readers of one script are left
    out so, since another script's lines may well be further down.
    """
    if len(readers) == 1 or len({reader.card.scripts for reader in readers}) > 1:
        return readers
    sample = lines.longest(SAMPLE)
    found = lines.read(readers[0], sample)
    doubtful = sum(reading.confidence < readers[0].card.sure_from for reading in found)
    return readers if doubtful <= MOST_DOUBTFUL * len(sample) else readers[1:]
