"""Find the words of a line that its reader doubts, and put another reader's in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocrchat.engines.cpu.line_reader import NOTHING, LineReading, WordSpan

WHOLE = 0.6
"""From this share of a line in doubt the whole line is read again."""
LEAST_SURE = 0.6
"""Below this confidence another reader's words are no better than those in doubt."""


@dataclass(frozen=True, slots=True)
class Patch:
    """What another reader makes of a part of a line, from `start` to `end` (shares, 0 to 1, of its way)."""

    start: float
    end: float
    reading: LineReading


def doubtful_parts(reading: LineReading, sure_from: float) -> list[tuple[float, float]]:
    """The parts of a line, as shares of its way, in which no word is sure; they begin and end at spaces.

    A sure word between two in doubt is read again with them. A line without words is one part.
    """
    doubted = _doubted(reading.words, sure_from)
    cuts = _cuts(reading.words)
    parts = [(cuts[first], cuts[last]) for first, last in _runs(doubted)]
    return parts if sum(end - start for start, end in parts) < WHOLE else [(0.0, 1.0)]


def doubtful_share(reading: LineReading, sure_from: float) -> float:
    """How much of a line is in doubt, 0 to 1."""
    return sum(end - start for start, end in doubtful_parts(reading, sure_from))


def patched(reading: LineReading, patches: Sequence[Patch]) -> LineReading:
    """The reading with each patch's words in place of its own there; patches not sure enough are left out."""
    words = list(reading.words)
    for patch in patches:
        if patch.reading.confidence < LEAST_SURE and words:
            continue
        width = patch.end - patch.start
        new = [
            replace(word, start=patch.start + word.start * width, end=patch.start + word.end * width)
            for word in patch.reading.words
        ]
        kept = [word for word in words if not patch.start <= (word.start + word.end) / 2 <= patch.end]
        words = sorted((*kept, *new), key=lambda word: word.start)
    return _joined(words) if patches else reading


def _joined(words: Sequence[WordSpan]) -> LineReading:
    letters = sum(len(word.text) for word in words)
    if not letters:
        return NOTHING
    confidence = sum(word.confidence * len(word.text) for word in words) / letters
    return LineReading(" ".join(word.text for word in words), confidence, tuple(words))


def _doubted(words: Sequence[WordSpan], sure_from: float) -> list[bool]:
    alone = [word.least < sure_from for word in words]
    between = [one and other for one, other in zip(alone, alone[2:], strict=False)]
    return [own or beside for own, beside in zip(alone, [False, *between, False][: len(alone)], strict=True)]


def _cuts(words: Sequence[WordSpan]) -> list[float]:
    """Where a line can be cut: its ends, and the middles between its words; one more than there are words."""
    return [0.0, *((one.end + other.start) / 2 for one, other in pairwise(words)), 1.0]


def _runs(doubted: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(first, last + 1) of each run of words in doubt; of no words, the one line."""
    if not doubted:
        yield 0, 1
    start = None
    for index, doubt in enumerate([*doubted, False]):
        if doubt and start is None:
            start = index
        elif not doubt and start is not None:
            yield start, index
            start = None
