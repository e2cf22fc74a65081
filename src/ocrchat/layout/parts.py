"""Cut pieces of lines where wide gaps show that they stand apart, and lay out their words."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter, sub
from typing import Protocol

import numpy as np

from ocrchat.imaging.quads import Rects
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Box, Line, Word

WIDE_GAP = 1.5
"""Times the height of a line; a wider gap between two words is no space."""

SURELY = 0.99
"""The share of a gap under which no rounding makes two words be that far apart."""
LEADER = 4
"""Dots from which a row of them is no ellipsis."""
_BOX, _LEFT, _TOP = attrgetter("box"), attrgetter("x0"), attrgetter("y0")
_RIGHT, _BOTTOM = attrgetter("x1"), attrgetter("y1")
_DOTS = re.compile(r"[.…·_]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand close on one line, and their rectangle in the frame of reading, without skew."""

    x0: float
    y0: float
    x1: float
    y1: float
    line: Line

    @property
    def height(self) -> float:
        """Pixels across the line."""
        return self.y1 - self.y0

    @property
    def width(self) -> float:
        """Pixels along the line."""
        return self.x1 - self.x0

    @property
    def middle(self) -> float:
        """Half way down the line."""
        return (self.y0 + self.y1) / 2

    @property
    def centre(self) -> float:
        """Half way along the line."""
        return (self.x0 + self.x1) / 2


def parts_of(lines: Sequence[Line], rects: Rects, flow: Flow) -> tuple[Part, ...]:
    """The lines, those with wide gaps cut there, each beside its rectangle in the frame of reading."""
    parts: list[Part] = []
    for line, (x0, y0, x1, y1) in zip(lines, rects.tolist(), strict=True):
        whole = Part(x0, y0, x1, y1, line)
        parts.extend(cut_at_gaps(whole, WIDE_GAP * whole.height, flow))
    return tuple(parts)


def cut_at_gaps(part: Part, gap: float, flow: Flow) -> tuple[Part, ...]:
    """The part, cut wherever two of its words are more than `gap` apart."""
    if _widest_gap(part, flow) < SURELY * gap:
        return (part,)
    places = word_places(part, flow)
    cuts = [i + 1 for i, (one, two) in enumerate(pairwise(places)) if two[0] - one[1] > gap]
    return cut_before(part, cuts, places)


def cut_before(part: Part, cuts: Sequence[int], places: Sequence[tuple[float, float]]) -> tuple[Part, ...]:
    """The part cut before the words of those indices; `places` is what `word_places` says of it."""
    if not cuts:
        return (part,)
    words, pieces = part.line.words, []
    for start, end in pairwise([0, *cuts, len(words)]):
        chosen = words[start:end]
        x0 = part.x0 if start == 0 else places[start][0]
        x1 = part.x1 if end == len(words) else max(place[1] for place in places[start:end])
        pieces.append(Part(x0, part.y0, max(x1, x0 + 1), part.y1, _line_of(chosen, part.line)))
    return tuple(pieces)


def word_places(part: Part, flow: Flow) -> list[tuple[float, float]]:
    """Where each word of a part starts and ends along its line, in the frame of reading."""
    box, boxes = part.line.box, [word.box for word in part.line.words]
    if flow is Flow.COLUMNS:
        along, length = [(each.y0 - box.y0, each.y1 - box.y0) for each in boxes], box.height
    elif flow is Flow.RIGHT_TO_LEFT:
        along, length = [(box.x1 - each.x1, box.x1 - each.x0) for each in boxes], box.width
    else:
        along, length = [(each.x0 - box.x0, each.x1 - box.x0) for each in boxes], box.width
    start, scale = part.x0, (part.x1 - part.x0) / max(1, length)
    return [(start + one * scale, start + other * scale) for one, other in along]


def _widest_gap(part: Part, flow: Flow) -> float:
    """About the widest space between two words that follow one another, in the frame of reading."""
    box, boxes = part.line.box, list(map(_BOX, part.line.words))
    if flow is Flow.COLUMNS:
        gaps, length = map(sub, map(_TOP, boxes[1:]), map(_BOTTOM, boxes)), box.height
    elif flow is Flow.RIGHT_TO_LEFT:
        gaps, length = map(sub, map(_LEFT, boxes), map(_RIGHT, boxes[1:])), box.width
    else:
        gaps, length = map(sub, map(_LEFT, boxes[1:]), map(_RIGHT, boxes)), box.width
    widest = max(gaps, default=0)
    return widest * (part.x1 - part.x0) / max(1, length)


def usual_height(parts: Sequence[Part]) -> float:
    """The median height of lines, at least 1 pixel."""
    return max(1.0, statistics.median(part.height for part in parts)) if parts else 1.0


def is_leader(part: Part) -> bool:
    """Whether a part is nothing but dots, as lead from a label to its number."""
    text = part.line.text.replace(" ", "")
    return text == "." or (len(text) >= LEADER and _DOTS.fullmatch(text) is not None)


def without_leaders(parts: Sequence[Part], flow: Flow) -> list[Part]:
    """The parts without rows of dots that lead from a label to its number."""
    kept: list[Part] = []
    for part in parts:
        if "." not in part.line.text and "…" not in part.line.text:
            kept.append(part)
            continue
        dotted = [bool(_DOTS.fullmatch(word.text)) for word in part.line.words]
        dots = sum(len(word.text) for word, is_dots in zip(part.line.words, dotted, strict=True) if is_dots)
        if dots < LEADER or is_leader(part):
            kept.extend([] if is_leader(part) else [part])
            continue
        places = word_places(part, flow)
        cuts = [i + 1 for i, (one, two) in enumerate(pairwise(dotted)) if one != two]
        pieces = cut_before(part, cuts, places)
        kept.extend(piece for piece in pieces if not _DOTS.fullmatch(piece.line.text.replace(" ", "")))
    return kept


class HasSides(Protocol):
    """A thing with a place in the frame of reading."""

    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...


def rects_of(things: Sequence[HasSides]) -> Rects:
    """Their rectangles as an array."""
    sides = [(thing.x0, thing.y0, thing.x1, thing.y1) for thing in things]
    return np.array(sides, np.float32).reshape(-1, 4)


def _line_of(words: Sequence[Word], line: Line) -> Line:
    """Some words of a line that follow one another as a line of their own, with the spaces that it has."""
    letters = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
    return Line(
        _text_of(words, line),
        Box.around(word.box for word in words),
        line.confidence if confidence == 0.0 else confidence,
        tuple(words),
    )


def _text_of(words: Sequence[Word], line: Line) -> str:
    start, at = -1, 0
    for word in line.words:
        found = line.text.find(word.text, at)
        if found < 0:
            break
        at = found + len(word.text)
        if word is words[0]:
            start = found
        if word is words[-1] and start >= 0:
            return line.text[start:at]
    return " ".join(word.text for word in words)
