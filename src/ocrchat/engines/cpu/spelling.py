"""Bring what the readers write into the spelling of its language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ocrchat.engines.cpu.line_reader import LineReading

_YIDDISH = (
    (re.compile("\u05d5\u05d5(?![\u05b0-\u05bc])"), "\u05f0"),
    (re.compile("\u05d5\u05d9(?![\u05b0-\u05bc])"), "\u05f1"),
    (re.compile("\u05d9\u05d9(?!\u05b4)"), "\u05f2"),
)
"""Two vavs, vav and yod, two yods, each one letter in Yiddish, unless the second has a point of its own."""


def spelled(text: str, model: str) -> str:
    """The text in NFC; Greek with its own mu, Yiddish with one character for each double letter.

    Tesseract's Greek model writes the micro sign; its Yiddish one writes the double letters now as one
    character, now as two.
    """
    text = text.replace("\u00b5", "\u03bc")
    if model == "yid":
        for double, letter in _YIDDISH:
            text = double.sub(letter, text)
    return unicodedata.normalize("NFC", text)


_APOSTROPHES = "'\u2018\u2019\u02bb\u02bc\u0060\u00b4\u2032"
_LETTER = "[^\\W\\d_]"
_UZBEK = re.compile(
    f"(?<=[oOgG])[{_APOSTROPHES}]"
    f'|(?<=[oOgG])["\u201c\u201d](?={_LETTER})'
    f"|(?<={_LETTER})[{_APOSTROPHES}](?={_LETTER})"
)
"""An apostrophe of any look after o and g, or between letters; after o and g, within a word, a quote too."""


def in_orthography(reading: LineReading, language: str | None) -> LineReading:
    """The reading with the letters that its language writes with: Uzbek has two that look like apostrophes.

    The turned comma after o and g is U+02BB, the sign for the glottal stop U+02BC (the Uzbek law of 1995, in
    the code points that CLDR's exemplars give them). Readers write both as an apostrophe or a quotation
    mark. A word that begins with one is quoted, and its last is left as it is.
    """
    if language != "uz":
        return reading
    words = tuple(replace(word, text=_uzbek(word.text)) for word in reading.words)
    return replace(reading, text=" ".join(map(_uzbek, reading.text.split(" "))), words=words)


def _uzbek(word: str) -> str:
    is_quoted = len(word) > 1 and word[0] in _APOSTROPHES and word[-1] in _APOSTROPHES
    inner, last = (word[:-1], word[-1]) if is_quoted else (word, "")
    return _UZBEK.sub(_uzbek_sign, inner) + last


def _uzbek_sign(found: re.Match[str]) -> str:
    return "\u02bb" if found.string[found.start() - 1] in "oOgG" else "\u02bc"
