"""Cut text into the words that are searched for, whatever its script."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_MARKS = "".join(
    chr(code)
    for code in range(min(sys.maxunicode, 0x10000))
    if unicodedata.category(chr(code)) in ("Mn", "Mc")
)
_WORD = re.compile(rf"(?:[^\W_]|[{_MARKS}\u200c\u200d])+|[№°#]")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ک": "ك",
        "ة": "ه",
        "ؤ": "و",
        "ـ": None,
        "\u200c": None,
        "\u200d": None,
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "ς": "σ",
        "ँ": "ं",
        "़": None,
    }
)


_LONG, _ALIKE = 8, 0.65
"""From how many letters on a word's inner letters may change, and how many pairs must stay."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: the form it is searched by, and where it stands.

    `is_run` where the script has no spaces: then it is a run of characters that holds several words.
    """

    form: str
    start: int
    end: int
    is_run: bool


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in their order; runs of unspaced scripts stand alone."""
    for match in _WORD.finditer(text):
        place = match.start()
        for run in _UNSPACED.finditer(match[0]):
            if place < match.start() + run.start():
                yield _word(text, place, match.start() + run.start(), is_run=False)
            yield _word(text, match.start() + run.start(), match.start() + run.end(), is_run=True)
            place = match.start() + run.end()
        if place < match.end():
            yield _word(text, place, match.end(), is_run=False)


def tokens_of(text: str) -> list[str]:
    """The words of a text as they are written; runs of unspaced scripts are not cut off from others."""
    return _WORD.findall(text)


def search_terms(text: str) -> list[str]:
    """What the index holds of a text: words, the stems of long ones, pairs of letters of unspaced runs."""
    terms: list[str] = []
    for word in words_of(text):
        form = word.form
        if word.is_run or _HANGUL.search(form):
            terms += [form[place : place + 2] for place in range(max(1, len(form) - 1))]
        elif form:
            terms.append(form)
            if len(form) > 5:
                terms.append("#" + form[:5])
    return terms


@lru_cache(maxsize=1 << 16)
def search_form(word: str) -> str:
    """The word without case, accents, vowel points, letter variants and the Arabic article; digits as 0 to 9.

    Marks of Indic and South-East Asian scripts are letters and stay.
    """
    text = unicodedata.normalize("NFKC", word).casefold().translate(_LETTERS)
    plain = [
        each
        for each in unicodedata.normalize("NFD", text)
        if unicodedata.category(each) != "Mn" or ord(each) >= 0x0900
    ]
    text = unicodedata.normalize("NFC", "".join(plain).translate(_LETTERS))
    if not text.isascii():
        text = "".join(str(unicodedata.digit(each)) if each.isdigit() else each for each in text)
    if _ARABIC.match(text):
        for article in _ARTICLES:
            if text.startswith(article) and len(text) >= len(article) + 3:
                return text[len(article) :]
    return text


def is_inflected(word: str, term: str, *, loosely: bool = False) -> bool:
    """Whether a word is that term, or a form of it: both in search form, neither an unspaced run.

    Endings of up to three letters may be added and the last two changed, or letters within a long word;
    words of three letters and less, and numbers, must be equal. `loosely`, the last of four letters may
    change: where other words are compared too.
    """
    if word == term:
        return True
    if _HANGUL.match(term):
        short, long = sorted((word, term), key=len)
        return len(short) >= 2 and long.startswith(short) and len(long) - len(short) <= 3
    if min(len(word), len(term)) < 4 or any(each.isdigit() for each in word + term):
        return False
    shared = _shared_start(word, term)
    needed = len(term) - loosely if len(term) == 4 else max(4, len(term) - 2)
    if shared >= needed and len(word) - shared <= 3:
        return True
    return shared >= 4 and min(len(word), len(term)) >= _LONG and _pairs_in_common(word, term) >= _ALIKE


def _pairs_in_common(one: str, other: str) -> float:
    """Dice's coefficient of two words' pairs of letters, 0 to 1."""
    pairs = [{word[at : at + 2] for at in range(len(word) - 1)} for word in (one, other)]
    return 2 * len(pairs[0] & pairs[1]) / (len(pairs[0]) + len(pairs[1]))


def _shared_start(one: str, other: str) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _word(text: str, start: int, end: int, *, is_run: bool) -> Word:
    return Word(search_form(text[start:end]), start, end, is_run)
