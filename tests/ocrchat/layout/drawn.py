"""Pieces of pages as an engine or a text layer gives them, drawn by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocrchat.layout.arrangement import Arrangement, Piece, arranged
from ocrchat.layout.marks import Marks, quads_of
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Box, Line, Word

HEIGHT = 20


def piece(text: str, x: int, y: int, height: int = HEIGHT, *, bold: bool = False) -> Piece:
    """A line of words whose letters are half as wide as high."""
    words, at, wide = [], x, height // 2
    for word in text.split(" "):
        words.append(Word(word, Box(at, y, at + wide * len(word), y + height), 0.9, bold=bold))
        at += wide * (len(word) + 1)
    box = Box(x, y, words[-1].box.x1, y + height)
    corners = [[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]]
    return Piece(np.array(corners, np.float32), Line(text, box, 0.9, tuple(words)))


def of(pieces: Sequence[Piece], *rules: Box, flow: Flow = Flow.LEFT_TO_RIGHT) -> Arrangement:
    """The page that the pieces are."""
    return arranged(pieces, flow, spaced=True, marks=Marks(rules=quads_of(rules)))


def lines(texts: Sequence[str], x: int, y: int, step: int = 28) -> list[Piece]:
    """Lines one below the other."""
    return [piece(text, x, y + step * row) for row, text in enumerate(texts)]
