"""Write a document as a searchable PDF: its own pages, their text invisible under them."""

from __future__ import annotations

import math
import statistics
import unicodedata
from dataclasses import replace
from itertools import groupby, zip_longest
from typing import BinaryIO

from ocrchat.errors import RequestError
from ocrchat.exports.clean import on_one_line
from ocrchat.exports.outline import words_of
from ocrchat.exports.reading import Reading
from ocrchat.exports.script import runs_leftward
from ocrchat.exports.tagged import marked_pieces
from ocrchat.model import Box, Line, Page, Source
from ocrchat.model.searchable import Imprint, PageLayer, Tag, kind_of

_MOST_LETTERS = 65_535
"""Codes of two bytes, without 0."""

_ASCENT, _ADVANCE = 0.8, 0.5
"""Of the invisible font: the share of a line above its baseline, and a letter's width in font sizes."""

_STANDING, _LEVEL = 2.0, 1.6
"""A line so many times as high as wide runs down; one so many times as high as its words is not level."""

_GAP = 0.15
"""Between words, in font sizes; at 0.1 pdftotext and pdf.js take two words for one."""

OWN = 1.0
"""The confidence of a line that the file itself says; no reader is as sure of one it has seen."""


class NoPagesLeft(RequestError):
    """The pages that a searchable PDF would show are not there any more."""


def write(reading: Reading, file: BinaryIO) -> None:
    """A PDF whose pages look as the source's do. NoPagesLeft where the source is not at hand.

    A page that was read from its own text layer stays as it is. Words stand in reading order, each
    stretched to its box; what runs to the left is laid down as it is seen, which is what viewers expect.
    """
    if reading.printing is None:
        raise NoPagesLeft(
            "the uploaded file is deleted by now (or was encrypted), so there are no pages to make a PDF of"
        )
    alphabet = _Alphabet()
    layers = (layer_of(page, alphabet) for page in reading.pages)
    imprint = lambda: Imprint(on_one_line(reading.title), reading.about().language, tuple(alphabet.letters))  # noqa: E731
    for piece in reading.printing(layers, imprint):
        file.write(piece)


class _Alphabet:
    """Gives each letter of a document a code, from 1."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self._codes: dict[str, int] = {}

    def encoded(self, text: str) -> str:
        """The text as the digits of a PDF string; beyond 65,535 different letters, others are U+FFFD."""
        return "".join(f"{self._code(letter):04X}" for letter in text)

    def _code(self, letter: str) -> int:
        code = self._codes.get(letter)
        if code is None:
            if len(self.letters) >= _MOST_LETTERS - 1 and letter != "\ufffd":
                return self._code("\ufffd")
            self.letters.append(letter)
            code = self._codes[letter] = len(self.letters)
        return code


def layer_of(page: Page, alphabet: _Alphabet) -> PageLayer:
    """The layer of one page; for one with text of its own, what was read in its pictures."""
    parts: list[str] = []
    tags: list[Tag] = []
    said: list[str] = []
    marks = 0
    is_addition = page.source is Source.TEXT_LAYER
    for piece in marked_pieces(page):
        found = [line for line in piece.lines if not (is_addition and line.confidence == OWN)]
        said += [line.text for line in found]
        content = "".join(_line(line, page.height, alphabet) for line in found)
        if content and not piece.path:
            parts.append(f"/Artifact BMC\n{content}EMC\n")
        elif content:
            parts.append(f"/{kind_of(piece.path[-1])} <</MCID {marks}>> BDC\n{content}EMC\n")
            tags.append(Tag(piece.path, marks, piece.rows, piece.columns))
            marks += 1
        elif piece.path and not found and not is_addition and kind_of(piece.path[-1]) in ("TD", "TH"):
            tags.append(Tag(piece.path, None, piece.rows, piece.columns))
    return PageLayer(
        page.index,
        page.width,
        page.height,
        page.dpi,
        page.rotation,
        " ".join(" ".join(said if is_addition else [page.text]).split()),
        ("BT\n3 Tr\n" + "".join(parts) + "ET\n").encode() if parts else b"",
        tuple(tags),
        is_addition,
    )


def _line(line: Line, height: int, alphabet: _Alphabet) -> str:
    """The operators of a line: for each word a size, a stretch, a place and its letters."""
    found = words_of(line)
    if runs_leftward(line.text):  # viewers turn a line around that is drawn as it is seen
        found = tuple(sorted(found, key=lambda word: word.box.x0))
    words = [(on_one_line(word.text), word.box) for word in found]
    words = [(text, box) for text, box in words if text and box.width > 0 and box.height > 0]
    if not words:
        return ""
    if len(line.text) > 2 and line.box.height > _STANDING * line.box.width:
        return "".join(_word_down(text, box, height, alphabet) for text, box in words)
    usual = statistics.median(box.height for _, box in words)
    is_level = line.box.height <= _LEVEL * usual
    words = _parted(words, line.box.height if is_level else usual)
    return "".join(_word(text, box, line.box if is_level else box, height, alphabet) for text, box in words)


def _parted(words: list[tuple[str, Box]], size: float) -> list[tuple[str, Box]]:
    """The words, those shortened that touch or overlap the next one: viewers know spaces by gaps.

    `size` is that of the font.
    """
    gap = math.ceil(_GAP * size)
    parted = []
    for (text, box), following in zip_longest(words, [next_box for _, next_box in words[1:]]):
        end = box.x1 if following is None else following.x0 - gap
        parted.append((text, replace(box, x1=end) if box.x0 < end < box.x1 else box))
    return parted


def _word(text: str, box: Box, row: Box, height: int, alphabet: _Alphabet) -> str:
    baseline = height - row.y0 - _ASCENT * row.height
    return _shown(text, row.height, box.width, f"1 0 0 1 {box.x0} {baseline:.1f} Tm", alphabet)


def _word_down(text: str, box: Box, height: int, alphabet: _Alphabet) -> str:
    """A word of a line that runs down the page."""
    baseline = box.x0 + (1 - _ASCENT) * box.width
    return _shown(text, box.width, box.height, f"0 -1 1 0 {baseline:.1f} {height - box.y0} Tm", alphabet)


def _shown(text: str, size: int, length: int, place: str, alphabet: _Alphabet) -> str:
    shown = as_seen(text)
    stretch = 100 * length / (_ADVANCE * size * len(shown))
    return f"/OcrText {size} Tf {stretch:.2f} Tz {place} <{alphabet.encoded(shown + ' ')}> Tj\n"


def as_seen(word: str) -> str:
    """The word's letters from left to right as they are printed: runs of right-to-left letters reversed.

    Marks stay behind the letter that they belong to as it is reversed, digits keep their order (UAX 9,
    for a word alone in a right-to-left line).
    """
    if not any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in word):
        return word
    runs = [(keeps, "".join(run)) for keeps, run in groupby(word, _keeps_order)]
    return "".join(run if keeps else run[::-1] for keeps, run in reversed(_with_separators(runs)))


def _keeps_order(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("L", "EN", "AN")


def _with_separators(runs: list[tuple[bool, str]]) -> list[tuple[bool, str]]:
    """The runs, a single separator between two numbers joined to both: 12:30 and 1,5 stay one."""
    joined: list[tuple[bool, str]] = []
    for keeps, run in runs:
        if keeps and len(joined) > 1 and joined[-2][0] and joined[-1][1] in tuple(".,:/-"):
            separator = joined.pop()[1]
            joined[-1] = (True, joined[-1][1] + separator + run)
        else:
            joined.append((keeps, run))
    return joined
