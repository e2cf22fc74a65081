"""Decode the output of a CTC net into characters, words and where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ocrchat.engines.cpu.line_reader import NOTHING, LineReading, WordSpan

BLANK = 0


def decoded(
    best: NDArray[np.integer],
    chances: NDArray[np.floating],
    characters: Sequence[str],
    steps: float,
) -> LineReading:
    """The reading of one line (greedy; Graves et al., ICML 2006).

    `best` (time,) holds the likeliest class of each time step and `chances` (time,) its probability;
    class 0 is the blank, class n is `characters[n]`. `steps` is how many time steps the line fills:
    what lies beyond is padding. A character stands where it is first emitted.
    """
    kept = np.empty(len(best), bool)
    kept[0] = True
    kept[1:] = best[1:] != best[:-1]
    kept &= best != BLANK
    places = np.flatnonzero(kept)
    if places.size == 0:
        return NOTHING
    letters = [characters[index] for index in best[places]]
    text = unicodedata.normalize("NFC", "".join(letters)).strip()
    if not text:
        return NOTHING
    sure = chances[places]
    return LineReading(" ".join(text.split()), float(sure.mean()), _words(letters, places, sure, steps))


def _words(
    letters: Sequence[str], places: NDArray[np.integer], sure: NDArray[np.floating], steps: float
) -> tuple[WordSpan, ...]:
    """Words between spaces; each reaches half way to its neighbours' letters."""
    edges = np.concatenate([[0.0], (places[1:] + places[:-1] + 1) / 2, [steps]]) / steps
    edges = np.clip(edges, 0.0, 1.0)
    words: list[WordSpan] = []
    first = 0
    for index in range(len(letters) + 1):
        if index < len(letters) and not letters[index].isspace():
            continue
        if index > first:
            text = unicodedata.normalize("NFC", "".join(letters[first:index]))
            start, end = float(edges[first]), float(edges[index])
            words.append(WordSpan(text, start, max(end, start), float(sure[first:index].mean())))
        first = index + 1
    return tuple(words)
