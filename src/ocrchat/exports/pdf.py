"""Write a document as a searchable PDF: its own pages, their text invisible under them."""

from __future__ import annotations

import math
import statistics
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from typing import BinaryIO

from ocrchat.errors import RequestError
from ocrchat.exports.clean import on_one_line
from ocrchat.exports.outline import words_and_spaces
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


@dataclass(frozen=True, slots=True)
class _Shown:
    """Letters as they are seen from left to right, where they are, and whether a space is behind them."""

    text: str
    box: Box
    is_spaced: bool


def _line(line: Line, height: int, alphabet: _Alphabet) -> str:
    """The operators of a line: for each word a size, a stretch, a place and its letters."""
    words = _words_as_seen(line)
    if not words:
        return ""
    if len(line.text) > 2 and line.box.height > _STANDING * line.box.width:
        return "".join(_word_down(word, height, alphabet) for word in words)
    usual = statistics.median(word.box.height for word in words)
    is_level = line.box.height <= _LEVEL * usual
    words = _parted(words, line.box.height if is_level else usual)
    return "".join(_word(word, line.box if is_level else word.box, height, alphabet) for word in words)


def _words_as_seen(line: Line) -> list[_Shown]:
    """The words that can be shown; viewers turn a line around that is drawn as it is seen."""
    found = list(words_and_spaces(line))
    if runs_leftward(line.text):
        before = [True, *(is_spaced for _, is_spaced in found[:-1])]
        found = [(word, is_spaced) for (word, _), is_spaced in zip(found, before, strict=True)]
        found.sort(key=lambda each: each[0].box.x0)
    words = [_Shown(as_seen(on_one_line(word.text)), word.box, is_spaced) for word, is_spaced in found]
    return _with_marks(word for word in words if word.text and word.box.width > 0 and word.box.height > 0)


def _with_marks(words: Iterable[_Shown]) -> list[_Shown]:
    """The words, those with marks as one with what is beside them without a space.

    pdf.js gives a mark no width of its own, and so takes what follows it in another string to be far off.
    """
    joined: list[_Shown] = []
    for word in words:
        last = joined[-1] if joined else None
        if last and not last.is_spaced and _has_mark(last.text + word.text):
            joined[-1] = _Shown(last.text + word.text, Box.around([last.box, word.box]), word.is_spaced)
        else:
            joined.append(word)
    return joined


def _has_mark(text: str) -> bool:
    return any(unicodedata.category(letter) == "Mn" for letter in text)


def _parted(words: list[_Shown], size: float) -> list[_Shown]:
    """The words with a gap before the next one, or with none where there is no space: viewers go by gaps.

    A word is shortened that touches or overlaps the next, and reaches it that has no space behind it.
    `size` is that of the font.
    """
    gap = math.ceil(_GAP * size)
    parted = []
    for word, following in zip_longest(words, words[1:]):
        x0, x1 = word.box.x0, word.box.x1
        if following is not None:
            start = following.box.x0
            x1 = min(x1, start - gap) if word.is_spaced else start
        parted.append(replace(word, box=replace(word.box, x1=x1)) if x0 < x1 else word)
    return parted


def _word(word: _Shown, row: Box, height: int, alphabet: _Alphabet) -> str:
    baseline = height - row.y0 - _ASCENT * row.height
    return _drawn(word, row.height, word.box.width, f"1 0 0 1 {word.box.x0} {baseline:.1f} Tm", alphabet)


def _word_down(word: _Shown, height: int, alphabet: _Alphabet) -> str:
    """A word of a line that runs down the page."""
    box = word.box
    baseline = box.x0 + (1 - _ASCENT) * box.width
    return _drawn(word, box.width, box.height, f"0 -1 1 0 {baseline:.1f} {height - box.y0} Tm", alphabet)


def _drawn(word: _Shown, size: int, length: int, place: str, alphabet: _Alphabet) -> str:
    stretch = 100 * length / (_ADVANCE * size * len(word.text))
    letters = alphabet.encoded(word.text + " " * word.is_spaced)
    return f"/OcrText {size} Tf {stretch:.2f} Tz {place} <{letters}> Tj\n"


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
