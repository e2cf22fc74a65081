from __future__ import annotations

import pytest

from ocrchat.engines.cpu.doubt import Patch, doubtful_parts, doubtful_share, patched
from ocrchat.engines.cpu.line_reader import NOTHING, LineReading, WordSpan

SURE = 0.8


def reading(*words: tuple[str, float], confidence: float = 0.9) -> LineReading:
    """Words of equal width with a space of a tenth of one between them; each with its least sure letter."""
    width = 1 / len(words)
    spans = tuple(
        WordSpan(text, place * width, (place + 0.9) * width, confidence, least)
        for place, (text, least) in enumerate(words)
    )
    return LineReading(" ".join(text for text, _ in words), confidence, spans)


def test_a_line_without_doubt_has_no_part_to_read_again() -> None:
    line = reading(("seven", 0.9), ("boats", 0.95))
    assert doubtful_parts(line, SURE) == []
    assert patched(line, []) is line


def test_a_word_in_doubt_is_cut_out_in_the_middle_of_the_spaces_beside_it() -> None:
    line = reading(("a", 1), ("b", 0.5), ("c", 1), ("d", 1))
    assert doubtful_parts(line, SURE) == [(pytest.approx(0.2375), pytest.approx(0.4875))]
    assert doubtful_share(line, SURE) == pytest.approx(0.25)


def test_a_sure_word_between_two_in_doubt_goes_with_them() -> None:
    line = reading(("a", 0.1), ("b", 1), ("c", 0.1), ("d", 1), ("e", 1), ("f", 1))
    assert doubtful_parts(line, SURE) == [(0.0, pytest.approx(0.4917, abs=1e-3))]


def test_a_line_mostly_in_doubt_is_one_part() -> None:
    assert doubtful_parts(reading(("a", 0.1), ("b", 0.1), ("c", 1)), SURE) == [(0.0, 1.0)]
    assert doubtful_parts(NOTHING, SURE) == [(0.0, 1.0)]


def test_the_words_of_a_patch_stand_where_those_in_doubt_stood() -> None:
    line = reading(("one", 1), ("tvvo", 0.3), ("three", 1), ("four", 1))
    ((start, end),) = doubtful_parts(line, SURE)
    whole = patched(line, [Patch(start, end, reading(("two", 1), ("x", 1), confidence=0.99))])
    assert whole.text == "one two x three four"
    places = [word.start for word in whole.words]
    assert places == sorted(places)
    assert start <= whole.words[1].start < whole.words[2].end <= end
    assert 0.9 < whole.confidence < 0.99


def test_a_patch_that_is_not_sure_is_left_out() -> None:
    line = reading(("one", 1), ("tvvo", 0.3))
    assert patched(line, [Patch(0.5, 1.0, reading(("###", 1), confidence=0.4))]).text == "one tvvo"
    assert patched(NOTHING, [Patch(0.0, 1.0, reading(("boat", 1), confidence=0.4))]).text == "boat"
