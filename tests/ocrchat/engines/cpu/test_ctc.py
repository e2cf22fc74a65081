from __future__ import annotations

import numpy as np
import pytest

from ocrchat.engines.cpu.ctc import decoded
from ocrchat.engines.cpu.line_reader import NOTHING, LineReading

CHARACTERS = ["", " ", "a", "b", "e", "\u0301"]


def read(classes: list[int], chance: float = 0.9, steps: float | None = None) -> LineReading:
    best = np.array(classes)
    return decoded(best, np.full(len(classes), chance, np.float32), CHARACTERS, steps or len(classes))


def test_repeats_are_one_letter_and_blanks_part_doubles() -> None:
    assert read([0, 2, 2, 0, 3, 3, 3, 0, 3, 0]).text == "abb"


def test_nothing_but_blanks_or_spaces_is_nothing() -> None:
    assert read([0, 0, 0]) == NOTHING
    assert read([0, 1, 0, 1]) == NOTHING


def test_words_stand_where_their_letters_were_seen() -> None:
    reading = read([2, 0, 2, 0, 1, 0, 3, 0, 3, 0])
    assert reading.text == "aa bb"
    assert [word.text for word in reading.words] == ["aa", "bb"]
    first, second = reading.words
    assert first.start == 0
    assert first.end == pytest.approx(0.35, abs=0.06)
    assert second.start == pytest.approx(0.55, abs=0.06)
    assert second.end == 1


def test_padding_is_not_part_of_the_line() -> None:
    assert read([2, 0, 0, 2, 0, 0, 0, 0], steps=4).words[0].end == 1


def test_spaces_are_single_and_letters_composed() -> None:
    reading = read([1, 4, 5, 1, 0, 1, 2])
    assert reading.text == "\u00e9 a"
    assert reading.confidence == pytest.approx(0.9)


def chancy(text: str, *spaces: float) -> LineReading:
    """A letter or space a step, each sure but capitals; `spaces`: the space's chance at each step."""
    classes = np.array([CHARACTERS.index(letter.lower()) for letter in text])
    chances = np.array([0.4 if letter.isupper() else 0.9 for letter in text], np.float32)
    return decoded(classes, chances, CHARACTERS, len(text), np.array(spaces, np.float32) if spaces else None)


def test_a_word_is_least_sure_where_its_least_sure_letter_is() -> None:
    assert [word.least for word in chancy("ab aB a").words] == pytest.approx([0.9, 0.4, 0.9])


def test_a_letter_is_as_sure_as_where_it_is_surest() -> None:
    chances = np.array([0.3, 0.8, 0.5, 0.9], np.float32)
    reading = decoded(np.array([2, 2, 0, 3]), chances, CHARACTERS, 4)
    assert reading.confidence == pytest.approx(0.85)
    assert reading.words[0].least == pytest.approx(0.8)


def test_a_word_in_which_a_space_may_be_lost_is_in_doubt() -> None:
    assert [word.least for word in chancy("aba", 0, 0.1, 0).words] == [0.0]
    assert [word.least for word in chancy("aba", 0, 0.001, 0.9).words] == pytest.approx([0.9])
