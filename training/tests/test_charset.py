"""Characters keep their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.charset import BLANK, Charset, latin, plain


def test_no_character_has_two_classes() -> None:
    characters = latin().characters
    assert len(set(characters)) == len(characters)


def test_the_space_is_the_first_class_and_ascii_follows() -> None:
    assert latin().characters.startswith(" !\"#$%&'()*+,-./0123456789")


def test_repeats_merge_unless_a_blank_parts_them() -> None:
    charset = Charset(" abc")
    a, b = charset.classes("ab")
    assert charset.text([BLANK, a, a, b, BLANK, b, b, BLANK]) == "abb"


def test_a_saved_charset_is_read_back_line_by_line(tmp_path: Path) -> None:
    latin().save(tmp_path / "charset.txt")
    lines = (tmp_path / "charset.txt").read_text(encoding="utf-8").split("\n")
    assert (lines[0], lines[1], lines[2]) == ("", " ", "!")
    assert Charset.load(tmp_path / "charset.txt") == latin()


def test_an_unknown_character_is_named() -> None:
    with pytest.raises(KeyError, match="Ж"):
        latin().classes("aЖ")


def test_every_character_is_in_the_form_that_texts_are_brought_to() -> None:
    assert [c for c in latin().characters[1:] if plain(c) != c] == []
