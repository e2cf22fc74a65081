"""One spelling for what Tesseract's models write."""

from __future__ import annotations

import pytest

from ocrchat.engines.cpu.spelling import spelled


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
