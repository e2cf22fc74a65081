"""Say how often what a reader is so sure of is right."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

from ocrchat.engines.cpu.line_reader import LineReading, ReaderCard, WordSpan
from ocrchat.errors import ModelMissing

MEASURED = Path(__file__).with_name("calibration.json")
"""The maps of the built-in readers; `benchmarks/confidence.py` makes them from pages with known text."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A reader's own confidence (`given`, rising) against the share of characters that were right.

    Between its points it is straight; below the first and above the last it stays. `version` is of the reader
    that was measured. Raises ValueError for points that do not rise, or lie outside 0 to 1.
    """

    version: str
    given: tuple[float, ...]
    right: tuple[float, ...]

    def __post_init__(self) -> None:
        rises = all(a < b for a, b in pairwise(self.given)) and all(a <= b for a, b in pairwise(self.right))
        inside = all(0 <= value <= 1 for value in (*self.given, *self.right))
        if not (self.given and len(self.given) == len(self.right) and rises and inside):
            raise ValueError("a calibration is as many shares as confidences, both rising from 0 to 1")

    def share_right(self, confidence: float) -> float:
        """The share of characters of words of this confidence that are right, 0 to 1."""
        after = bisect_right(self.given, confidence)
        if after == 0 or after == len(self.given):
            return self.right[max(0, after - 1)]
        x0, x1 = self.given[after - 1], self.given[after]
        y0, y1 = self.right[after - 1], self.right[after]
        return y0 + (y1 - y0) * (confidence - x0) / (x1 - x0)


def calibrated(reading: LineReading) -> LineReading:
    """The reading as it is told: each word as sure as its reader has been right, the line as its characters.

    Applied once, when a page is built: everything before that compares readers' own figures. Words of readers
    that nobody has measured keep theirs.
    """
    words = tuple(replace(word, confidence=_share_right(word)) for word in reading.words)
    letters = sum(len(word.text) for word in words)
    if not letters:
        return reading
    line = sum(word.confidence * len(word.text) for word in words) / letters
    return replace(reading, confidence=line, words=words)


def keys_of(card: ReaderCard) -> tuple[str, ...]:
    """The names under which a reader's map is looked for, the best first: Tesseract's go by script."""
    if not card.name.startswith("tesseract-"):
        return (card.name,)
    script = next(iter(card.scripts)) if len(card.scripts) == 1 else "several"
    return (f"tesseract-{script}", "tesseract")


def calibration_of(card: ReaderCard, maps: Mapping[str, Calibration] | None = None) -> Calibration | None:
    """A reader's map; None where its name, or its version, was not measured."""
    known = _measured() if maps is None else maps
    found = next((known[key] for key in keys_of(card) if key in known), None)
    return found if found is not None and found.version == card.version else None


def maps_in(file: Path) -> Mapping[str, Calibration]:
    """The maps of a file as `benchmarks/confidence.py` writes it; raises ModelMissing for another."""
    try:
        plain = json.loads(file.read_text("utf-8"))["maps"]
        return {
            key: Calibration(str(each["version"]), _numbers(each["given"]), _numbers(each["right"]))
            for key, each in plain.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelMissing(f"the confidences in {file.name} cannot be used: {error}") from error


def _share_right(word: WordSpan) -> float:
    found = calibration_of(word.reader) if word.reader is not None else None
    return word.confidence if found is None else found.share_right(word.confidence)


@cache
def _measured() -> Mapping[str, Calibration]:
    return maps_in(MEASURED)


def _numbers(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(map(float, values))
