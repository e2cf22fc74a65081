"""Tell which way a text runs, and whether it has spaces between its words."""

from __future__ import annotations

import re
import unicodedata

from ocrchat.languages import LANGUAGES, UNSPACED

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {language.code: language.script for language in LANGUAGES}


def runs_leftward(text: str) -> bool:
    """Whether most letters of a text are of a script that is written from right to left."""
    leftward = len(_RIGHT_TO_LEFT.findall(text))
    return leftward > 0 and 2 * leftward > len(_LETTER.findall(text))


def has_leftward(text: str) -> bool:
    """Whether any letter is of such a script."""
    return _RIGHT_TO_LEFT.search(text) is not None


def is_spaced(language: str | None, script: str | None) -> bool:
    """Whether words are parted by spaces, as far as a page's language or script tells."""
    return (script or _SCRIPTS.get(language or "", "")) not in UNSPACED


def is_east_asian(text: str) -> bool:
    """Whether any letter is as wide as Chinese, Japanese and Korean ones are (UAX 11)."""
    return any(letter > "\u10ff" and unicodedata.east_asian_width(letter) in "WF" for letter in text)
