"""Read lines with one reader after another, each asked only where those before it were in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.engines.cpu.doubt import Patch, doubtful_parts, doubtful_share, patched
from ocrchat.engines.cpu.line_reader import LineReader, LineReading
from ocrchat.engines.cpu.lines_of_page import LinesOfPage, Part, mean_confidence

SAMPLE = 8
"""Lines, the longest, by which a page is judged."""
MOST_DOUBTFUL, MOST_IN_WORDS = 0.6, 0.5
"""Share of the sample's lines, or of what stands in them where words are judged one by one, above which a
reader is not asked for the rest of a page. The small net doubts .94 and more of receipts, .01 to .6 of
damaged print."""
OF_USE = 0.95
"""Nearness to what a reader is sure from, on the mean of a sample, from which it is of use on a page that is
lost on a judge of words. Tesseract has .96 to 1.03 on damaged print, .91 and less on receipts and tables."""
AT_ONCE, LETTERS = 2, 2.0
"""Lines of a sample that are read before the rest is judged, and letters to a line's height, so that a reader
that is of no use reads some three of eight."""


def best_readings(
    lines: LinesOfPage, readers: Sequence[LineReader], which: Sequence[int]
) -> list[LineReading]:
    """For each chosen line the first reading that its reader is sure of, else the nearest to it.

    `readers` go from the cheapest to the best. Where the first judges its words one by one, the others
    read only the parts in doubt.
    """
    first, *others = _fitting(lines, readers)
    if first.card.sure_of_word is None or not others:
        return _nearest(lines, [first, *others], [(index, 0.0, 1.0) for index in which])
    readings = lines.read(first, which)
    asked = [
        (index, *part)
        for index, reading in zip(which, readings, strict=True)
        for part in doubtful_parts(reading, first.card.sure_of_word)
    ]
    patches: dict[int, list[Patch]] = {}
    for (index, start, end), reading in zip(asked, _nearest(lines, others, asked), strict=True):
        patches.setdefault(index, []).append(Patch(start, end, reading))
    return [patched(reading, patches.get(index, ())) for index, reading in zip(which, readings, strict=True)]


def _nearest(lines: LinesOfPage, readers: Sequence[LineReader], which: Sequence[Part]) -> list[LineReading]:
    """For each part the first reading that its reader is sure of, else the nearest to it.

    How near a reading comes is its confidence over the reader's `sure_from`; of equals the later reader's
    is taken. A reader of fewer scripts than the first is taken only where it is sure: on a line of two
    scripts it would make the other one up.
    """
    first, *others = readers
    best = dict(zip(which, lines.read_parts(first, which), strict=True))
    nearness = {part: reading.confidence / first.card.sure_from for part, reading in best.items()}
    for reader in others:
        doubtful = [part for part in which if nearness[part] < 1]
        for part, reading in zip(doubtful, lines.read_parts(reader, doubtful), strict=True):
            near = reading.confidence / reader.card.sure_from
            if near >= (nearness[part] if reader.card.scripts >= first.card.scripts else 1):
                best[part], nearness[part] = reading, near
    return [best[part] for part in which]


def _fitting(lines: LinesOfPage, readers: Sequence[LineReader]) -> Sequence[LineReader]:
    """The readers without those that are in doubt about most of a sample of the page.

    On a receipt or a photo the cheap reader would be asked in vain. A page that is lost on a judge of words
    is left to the first of the others that is of use there, and those after it. Only readers of one script
    are left out so, since another script's lines may well be further down.
    """
    if len({reader.card.scripts for reader in readers}) > 1:
        return readers
    sample = lines.longest(SAMPLE)
    while len(readers) > 1 and _is_lost(readers[0], lines.read(readers[0], sample)):
        first, *readers = readers
        if first.card.sure_of_word is not None:
            return _from_the_first_of_use(lines, readers, sample)
    return readers


def _from_the_first_of_use(
    lines: LinesOfPage, readers: Sequence[LineReader], sample: Sequence[int]
) -> Sequence[LineReader]:
    """The readers from the first on that reads a page nearly as it is sure of, or else from the nearest on.

    Tesseract reads damaged print so, and knows its words. Receipts, tables and photos it misreads, in part
    with confidence, and its mean shows it.
    """
    for place, reader in enumerate(readers):
        if _may_be_of_use(reader, lines, sample) and _nearness(reader, lines, sample) >= OF_USE:
            return readers[place:]
    nearness = [_nearness(reader, lines, sample) for reader in readers]
    return readers[nearness.index(max(nearness)) :]


def _may_be_of_use(reader: LineReader, lines: LinesOfPage, sample: Sequence[int]) -> bool:
    """Whether a reader that were certain of the rest would be of use, all along a sample; reads as far."""
    for read in range(AT_ONCE, len(sample), AT_ONCE):
        readings = lines.read(reader, sample[:read])
        letters = sum(len(reading.text) for reading in readings)
        left = sum(LETTERS * lines.shape(index) for index in sample[read:])
        most = (mean_confidence(readings) * letters + left) / max(1.0, letters + left)
        if most < OF_USE * reader.card.sure_from:
            return False
    return True


def _nearness(reader: LineReader, lines: LinesOfPage, sample: Sequence[int]) -> float:
    """The mean confidence of a sample over what the reader is sure from."""
    return mean_confidence(lines.read(reader, sample)) / reader.card.sure_from


def _is_lost(reader: LineReader, sample: Sequence[LineReading]) -> bool:
    """Whether a reader is of no use on a page."""
    sure_of_word = reader.card.sure_of_word
    if sure_of_word is not None:
        return sum(doubtful_share(each, sure_of_word) for each in sample) > MOST_IN_WORDS * len(sample)
    return sum(each.confidence < reader.card.sure_from for each in sample) > MOST_DOUBTFUL * len(sample)
