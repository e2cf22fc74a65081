"""Decode the output of a CTC net into characters, words and where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocrchat.engines.cpu.line_reader import NOTHING, LineReading, WordSpan

BLANK = 0
LOST_SPACE = 0.02
"""The chance of a space between two letters from which their word is in doubt: so are seen 95 % of the spaces
that the small net loses, and .04 % of the places where there is none."""


def decoded(
    best: NDArray[np.integer],
    chances: NDArray[np.floating],
    characters: Sequence[str],
    steps: float,
    spaces: NDArray[np.floating] | None = None,
) -> LineReading:
    """The reading of one line (greedy; Graves et al., ICML 2006).

    `best` (time,) holds the likeliest class of each time step and `chances` (time,) its probability;
    class 0 is the blank, class n is `characters[n]`. `steps` is how many time steps the line fills:
    what lies beyond is padding. A character stands where it is first emitted, and is as likely as where it
    is likeliest. `spaces` (time,), if known, is the probability of a space at each step.
    """
    starts = np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]))
    peaks = np.maximum.reduceat(chances, starts)
    is_letter = best[starts] != BLANK
    places, sure = starts[is_letter], peaks[is_letter]
    if places.size == 0:
        return NOTHING
    letters = [characters[index] for index in best[places]]
    text = unicodedata.normalize("NFC", "".join(letters)).strip()
    if not text:
        return NOTHING
    parted = _parted(spaces, places)
    words = _words(letters, places, sure, parted, steps)
    return LineReading(" ".join(text.split()), float(sure.mean()), words)


def _parted(spaces: NDArray[np.floating] | None, places: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Whether a space may stand between each letter and the next."""
    if spaces is None:
        return np.zeros(places.size, bool)
    return np.asarray(np.maximum.reduceat(spaces, places) > LOST_SPACE, np.bool_)


def _words(
    letters: Sequence[str],
    places: NDArray[np.integer],
    sure: NDArray[np.floating],
    parted: NDArray[np.bool_],
    steps: float,
) -> tuple[WordSpan, ...]:
    """Words between spaces; each reaches half way to its neighbours' letters.

    A word is as sure as its letters on the mean, `least` as the least of them and of the spaces beside it;
    0 where it may be two words.
    """
    edges = np.concatenate([[0.0], (places[1:] + places[:-1] + 1) / 2, [steps]]) / steps
    shares, chances, doubts = np.clip(edges, 0.0, 1.0).tolist(), sure.tolist(), parted.tolist()
    words: list[WordSpan] = []
    first = 0
    for index in range(len(letters) + 1):
        if index < len(letters) and not letters[index].isspace():
            continue
        if index > first:
            text = unicodedata.normalize("NFC", "".join(letters[first:index]))
            start, end = shares[first], shares[index]
            least = 0.0 if any(doubts[first : index - 1]) else min(chances[max(0, first - 1) : index + 1])
            mean = sum(chances[first:index]) / (index - first)
            words.append(WordSpan(text, start, max(end, start), mean, least))
        first = index + 1
    return tuple(words)
