"""Tell whether a page's own text says what the page shows."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
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
_LATIN = re.compile("[A-Za-z]")
_SAMPLE_WORDS = 200
_LEADERS = frozenset("._-·…•–—|")


def doubt_of(layer: TextLayer) -> str | None:
    """Why the page is to be read from its picture instead; None for text that is sound.

    Judges by what the file says alone, so that a sound page need not be drawn. A page with next to no text
    is not sound, and nothing is wrong with it: the doubt is an empty text.
    """
    solid = Counter("".join(layer.text.split()))
    count = solid.total()
    area = layer.width * layer.height
    largest = max((picture.box.area for picture in layer.pictures), default=0)
    if not len(layer) or not solid:
        return ""
    if _share(layer, [style.hidden for style in layer.style_table]) > _MOST_HIDDEN:
        return "its text is invisible, the work of an earlier OCR"
    if largest > _PICTURE_PAGE * area:
        return "" if len(layer) < _ENOUGH_WORDS else "a picture covers most of it"
    if len(layer.shapes) > max(100, _OUTLINES * count):
        return "letters are drawn as shapes on it"
    unknown = int(layer.unmapped.sum()) + sum(solid[each] for each in solid if _is_meaningless(each))
    if unknown > _MOST_UNKNOWN * count:
        return "its fonts do not say what their letters mean"
    if layer.covered.mean() > _MOST_COVERED:
        return "its text is painted over"
    if _share(layer, [1 < style.angle % 360 < 359 for style in layer.style_table]) > _MOST_TURNED:
        return "its text runs at an angle"
    return _doubt_of_words(layer, solid)


def is_odd(layer: TextLayer) -> bool:
    """Whether a line of it should be compared with the picture: its words or letters may be others.

    A font that calls its letters by other letters' names gives text that no signal of the file betrays
    (`7KH TXLFN EURZQ`) unless its own encoding tells. Codes and abbreviations look like it too, and encodings
    may be wrong, so this alone is no doubt.
    """
    if says_renamed(layer.text, layer):
        return True
    long = []
    for word in _words(layer):
        if len(word) >= _LONG_WORD and _LATIN.search(word):
            stripped = word.strip(_AROUND)
            if len(stripped) >= _LONG_WORD:
                long.append(stripped)
        if len(long) == _SAMPLE_WORDS:
            break
    if len(long) < _ENOUGH_ODD:
        return False
    odd = sum(_has_no_vowel(word) or _is_mixed(word) for word in long)
    return odd > _MOST_ODD * len(long)


def says_renamed(text: str, layer: TextLayer) -> int:
    """How many letters of a text are such as a font of the page may say in place of others."""
    return sum(text.count(letter) for letter in layer.renamed)


def _share(layer: TextLayer, of_styles: list[bool]) -> float:
    """The share of the words whose style is such."""
    return float(np.array(of_styles, bool)[layer.styles].mean()) if any(of_styles) else 0.0


@lru_cache(1)
def _words(layer: TextLayer) -> list[str]:
    """The words in the file's order; sliced once for the page that is being judged."""
    text = layer.text
    return [text[start:end] for start, end in layer.spans.tolist()]


def _has_no_vowel(word: str) -> bool:
    small = word.casefold()
    return _VOWELS.isdisjoint(small if small.isascii() else unicodedata.normalize("NFD", small))


def _is_mixed(word: str) -> bool:
    """Whether digits or signs stand between a word's letters, or capitals after small ones."""
    if word.isalpha() and (word.islower() or word.isupper() or word.istitle()):
        return False
    if not all(each.isalpha() or each in _INSIDE for each in word[1:-1]):
        return True
    return any(one.islower() and other.isupper() for one, other in pairwise(word))


def _doubt_of_words(layer: TextLayer, solid: Counter[str]) -> str | None:
    telling = {each: count for each, count in solid.items() if each not in _LEADERS}
    letters = sum(count for each, count in telling.items() if each.isalnum())
    if letters < _LEAST_LETTERS * sum(telling.values()):
        return "its text is hardly made of letters"
    forms = sum(count for each, count in solid.items() if _is_shape(each))
    if forms > 0.1 * solid.total():
        return "its Arabic is stored as shapes"
    latin = [word for word in _words(layer) if word.isalpha() and word < "\u1100"]
    if len(latin) >= _ENOUGH_WORDS:
        mean = sum(map(len, latin)) / len(latin)
        if mean > _LONGEST_WORDS:
            return "spaces between its words are missing"
        if mean < _SHORTEST_WORDS:
            return "spaces stand inside its words"
    return None


def _is_shape(character: str) -> bool:
    return "\ufb50" <= character <= "\ufdff" or "\ufe70" <= character <= "\ufefc"


def _is_meaningless(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff" or character == "\ufffd" or "\x80" <= character <= "\x9f"
