"""Tell whether a page's own text says what the page shows."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import numpy as np

from ocrchat.model import TextLayer

_MOST_UNKNOWN = 0.03
"""Share of characters that a font, or Unicode, gives no meaning: bullets are under it, bad fonts over."""
_MOST_HIDDEN = _MOST_COVERED = 0.3
_MOST_TURNED = 0.5
_LEAST_LETTERS = 0.45
"""Letters and digits among what is no space and no leader."""
_LONGEST_WORDS, _SHORTEST_WORDS = 14.0, 1.6
"""Mean letters of a word in scripts with spaces; beyond, spaces are missing or stand inside words."""
_ENOUGH_WORDS = 20
_PICTURE_PAGE = 0.5
"""Share of the page that one picture covers: a scan, or a ground on which much else may be drawn."""
_OUTLINES = 1.0
"""Small drawn shapes for each character, and at least 100: letters that were made into outlines."""
_LONG_WORD, _ENOUGH_ODD, _MOST_ODD = 4, 10, 0.4
"""Letters of a word that should have a vowel; so many of them; the share without one, or mixed."""
_VOWELS = frozenset("aeiouyw\u00e6\u00f8\u0153\u0131")
_AROUND, _INSIDE = ".,;:!?()[]{}\"'«»“”„‘’-–—", "'’-.‐/@&"
_LEADERS = frozenset("._-·…•–—|")


def doubt_of(layer: TextLayer) -> str | None:
    """Why the page is to be read from its picture instead; None for text that is sound.

    Judges by what the file says alone, so that a sound page need not be drawn. A page with next to no text
    is not sound, and nothing is wrong with it: the doubt is an empty text.
    """
    solid = [character for character in layer.text if not character.isspace()]
    area = layer.width * layer.height
    largest = max((picture.box.area for picture in layer.pictures), default=0)
    if not len(layer) or not solid:
        return ""
    hidden = np.array([style.hidden for style in layer.style_table], bool)[layer.styles]
    if hidden.mean() > _MOST_HIDDEN:
        return "its text is invisible, the work of an earlier OCR"
    if largest > _PICTURE_PAGE * area:
        return "" if len(layer) < _ENOUGH_WORDS else "a picture covers most of it"
    if len(layer.shapes) > max(100, _OUTLINES * len(solid)):
        return "letters are drawn as shapes on it"
    unknown = int(layer.unmapped.sum()) + sum(map(_is_meaningless, solid))
    if unknown > _MOST_UNKNOWN * len(solid):
        return "its fonts do not say what their letters mean"
    if layer.covered.mean() > _MOST_COVERED:
        return "its text is painted over"
    turned = np.array([1 < style.angle % 360 < 359 for style in layer.style_table], bool)[layer.styles]
    if turned.mean() > _MOST_TURNED:
        return "its text runs at an angle"
    return _doubt_of_words(layer, solid)


def is_odd(layer: TextLayer) -> bool:
    """Whether its words look so unlike words that a line of it should be compared with the picture.

    A font that calls its letters by other letters' names gives text that no signal of the file betrays
    (`7KH TXLFN EURZQ`). Codes and abbreviations look like it too, so this alone is no doubt.
    """
    words = [layer.word(index) for index in range(len(layer))]
    latin = [word.strip(_AROUND) for word in words if any("A" <= letter <= "z" for letter in word)]
    long = [word for word in latin if len(word) >= _LONG_WORD]
    if len(long) < _ENOUGH_ODD:
        return False
    odd = sum(_has_no_vowel(word) or _is_mixed(word) for word in long)
    return odd > _MOST_ODD * len(long)


def _has_no_vowel(word: str) -> bool:
    return not any(letter in _VOWELS for letter in unicodedata.normalize("NFD", word.casefold()))


def _is_mixed(word: str) -> bool:
    """Whether digits or signs stand between a word's letters, or capitals after small ones."""
    inner = word[1:-1]
    return any(not (each.isalpha() or each in _INSIDE) for each in inner) or any(
        one.islower() and other.isupper() for one, other in pairwise(word)
    )


def _doubt_of_words(layer: TextLayer, solid: list[str]) -> str | None:
    telling = [character for character in solid if character not in _LEADERS]
    if sum(character.isalnum() for character in telling) < _LEAST_LETTERS * len(telling):
        return "its text is hardly made of letters"
    forms = sum("\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc" for character in solid)
    if forms > 0.1 * len(solid):
        return "its Arabic is stored as shapes"
    latin = [word for word in map(layer.word, range(len(layer))) if word.isalpha() and word < "\u1100"]
    if len(latin) >= _ENOUGH_WORDS:
        mean = sum(map(len, latin)) / len(latin)
        if mean > _LONGEST_WORDS:
            return "spaces between its words are missing"
        if mean < _SHORTEST_WORDS:
            return "spaces stand inside its words"
    return None


def _is_meaningless(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff" or character == "\ufffd" or "\x80" <= character <= "\x9f"
