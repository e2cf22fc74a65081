"""One spelling for what the readers write."""

from __future__ import annotations

import pytest

from ocrchat.engines.cpu.line_reader import LineReading, WordSpan
from ocrchat.engines.cpu.spelling import in_orthography, spelled


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("\u05d0\u05d5\u05d9\u05da", "\u05d0\u05f1\u05da"),
        ("\u05d5\u05d5\u05d9\u05d9\u05b7\u05d8", "\u05f0\u05f2\u05b7\u05d8"),
        ("\u05d5\u05d5\u05bc", "\u05d5\u05d5\u05bc"),
        ("\u05d9\u05d9\u05b4", "\u05d9\u05d9\u05b4"),
    ],
)
def test_double_letters_of_yiddish_are_one_character(written: str, text: str) -> None:
    assert spelled(written, "yid") == text
    assert spelled(written, "heb") == written


def test_a_greek_mu_is_no_micro_sign() -> None:
    assert spelled("\u00b5\u03b7", "ell") == "\u03bc\u03b7"


def test_marks_are_joined_to_their_letters() -> None:
    assert spelled("e\u0301", "fra") == "\u00e9"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("o'z O\u2018zbekiston bo`lmog\u2019i", "o\u02bbz O\u02bbzbekiston bo\u02bblmog\u02bbi"),
        ('o"z bo\u201dlgan "katta" yo"', 'o\u02bbz bo\u02bblgan "katta" yo"'),
        ("ta'lim san\u2019at", "ta\u02bclim san\u02bcat"),
        ("tog' tog'.", "tog\u02bb tog\u02bb."),
        ("'tog' 'so'z'", "'tog' 'so\u02bbz'"),
        ("5' uzun ' kitob'", "5' uzun ' kitob'"),
    ],
)
def test_uzbek_is_written_with_its_own_two_signs(written: str, text: str) -> None:
    words = tuple(WordSpan(word, 0.0, 1.0, 0.9, 0.9) for word in written.split())
    reading = in_orthography(LineReading(written, 0.9, words), "uz")
    assert reading.text == text
    assert [word.text for word in reading.words] == text.split()


def test_other_languages_keep_their_apostrophes() -> None:
    reading = LineReading("o'clock l'homme", 0.9)
    assert in_orthography(reading, "en") == reading
    assert in_orthography(reading, None) == reading
