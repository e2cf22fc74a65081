"""Read lines of another script with the Latin words in them, which its own reader doubts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from ocrchat.engines.cpu.line_reader import LineReader, LineReading
from ocrchat.engines.cpu.lines_of_page import LinesOfPage, mean_confidence

SCRIPT = "Latn"
COMPANIONS = ("en", "de-Latf")
"""What stands in for every language in Latin letters, and for those in broken ones."""
DOUBTED = 0.7
"""Below this confidence a word may be another script's."""
SURE, LEAST_LETTERS = 0.9, 3
"""Confidence and letters of words that a reader of Latin print is believed."""
SAMPLE = 6
"""Lines, the longest, by which a companion is chosen."""
BETTER = 0.03
"""How much more sure a companion must be than the one before it."""
MANY = 0.3
"""Share of the doubtful lines with Latin words from which all of them are read with the companion."""

Together = Callable[[str], LineReader | None]
"""What reads the page's language and another, named by its code, within one line; None where nothing does."""


def with_latin_words(
    lines: LinesOfPage, readings: Sequence[LineReading], latin: LineReader, together: Together
) -> list[LineReading]:
    """The readings, those in doubt where the line has Latin words replaced by what is read better with them.

    `latin` tells which words are Latin. Costs a reading by it for each run of words in doubt, and for lines
    of two scripts one with both; nothing where no word is in doubt.
    """
    better = list(readings)
    parts = {i: found for i, reading in enumerate(readings) if (found := doubted_parts(reading))}
    mixed = [
        i
        for i, found in parts.items()
        if any(map(is_latin, lines.read_parts(latin, [(i, *part) for part in found])))
    ]
    chosen = _companion(lines, readings, mixed, together) if mixed else None
    if chosen is None:
        return better
    which = list(parts) if len(mixed) >= MANY * len(parts) else mixed
    for index, reading in zip(which, lines.read(chosen, which), strict=True):
        if reading.confidence > readings[index].confidence:
            better[index] = reading
    return better


def doubted_parts(reading: LineReading) -> list[tuple[float, float]]:
    """Where words in doubt stand side by side, as shares of the line's way, half way to the next words."""
    words = sorted(reading.words, key=lambda word: (word.start, word.end))
    parts: list[tuple[float, float]] = []
    for is_doubted, run in groupby(words, key=lambda word: word.confidence < DOUBTED):
        if is_doubted:
            run_of_words = list(run)
            start, end = run_of_words[0].start, max(word.end for word in run_of_words)
            before = max((word.end for word in words if word.end <= start), default=0.0)
            behind = min((word.start for word in words if word.start >= end), default=1.0)
            parts.append(((before + start) / 2, (end + behind) / 2))
    return parts


def is_latin(reading: LineReading) -> bool:
    """Whether a reader of Latin print is sure of what it made of a part."""
    letters = [character for character in reading.text if character.isalpha()]
    is_known = len(letters) >= LEAST_LETTERS and all(character < "\u0250" for character in letters)
    return is_known and reading.confidence >= SURE


def _companion(
    lines: LinesOfPage, readings: Sequence[LineReading], mixed: Sequence[int], together: Together
) -> LineReader | None:
    """What reads the longest of the lines with the most confidence; None where the page's own reader does."""
    sample = sorted(mixed, key=lambda i: (-len(readings[i].text), i))[:SAMPLE]
    best, most = None, mean_confidence([readings[i] for i in sample])
    for code in COMPANIONS:
        reader = together(code)
        if reader is None:
            continue
        sureness = mean_confidence(lines.read(reader, sample))
        if sureness > most + BETTER:
            best, most = reader, sureness
    return best
