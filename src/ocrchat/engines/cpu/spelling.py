"""Bring what Tesseract's models write into one spelling."""

from __future__ import annotations

import re
import unicodedata

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
