from __future__ import annotations

import numpy as np

from ocrchat.engines.cpu.cascade import best_readings
from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, ReaderCard, WordSpan
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.imaging.quads import Quad, quad_around


class Scripted:
    """Gives each line the confidence that stands at its place, and remembers what it was asked."""

    def __init__(self, name: str, *confidences: float, sure_from: float = 0.9, scripts: str = "Latn") -> None:
        self.card = ReaderCard(name, "1", frozenset(scripts.split()), sure_from)
        self.confidences = confidences
        self.asked: list[int] = []

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        line = round(float(quad[0, 1])) // 100
        self.asked.append(line)
        return LineReading(self.card.name, self.confidences[line])


def lines(count: int) -> LinesOfPage:
    blank = np.full((100 * count + 50, 400), 255, np.uint8)
    quads = [quad_around((200.0, 100.0 * i + 20), (300.0, 20.0), 0.0) for i in range(count)]
    return LinesOfPage(PagePixels.of(blank), quads, None)


def test_only_doubtful_lines_are_read_again() -> None:
    cheap, good = Scripted("cheap", 0.95, 0.5, 0.95), Scripted("good", 0.99, 0.97, 0.99)
    found = best_readings(lines(3), [cheap, good], range(3))
    assert [reading.text for reading in found] == ["cheap", "good", "cheap"]
    assert good.asked == [1]


def test_the_nearest_to_its_own_measure_wins_where_none_is_sure() -> None:
    cheap = Scripted("cheap", 0.95, 0.95, 0.7, sure_from=0.9)
    good = Scripted("good", 0.0, 0.0, 0.7, sure_from=0.99)
    assert best_readings(lines(3), [cheap, good], range(3))[2].text == "cheap"


def test_a_reader_in_doubt_about_the_sample_is_not_asked_for_the_rest() -> None:
    cheap, good = Scripted("cheap", *[0.3] * 20), Scripted("good", *[0.95] * 20)
    found = best_readings(lines(20), [cheap, good], range(20))
    assert {reading.text for reading in found} == {"good"}
    assert len(cheap.asked) == 8


def test_a_reader_of_fewer_scripts_must_be_sure() -> None:
    both = Scripted("both", 0.6, 0.6, scripts="Latn Grek")
    one = Scripted("one", 0.85, 0.95)
    assert [reading.text for reading in best_readings(lines(2), [both, one], range(2))] == ["both", "one"]


def test_no_line_is_read_twice_by_one_reader() -> None:
    page, cheap = lines(4), Scripted("cheap", *[0.95] * 4)
    best_readings(page, [cheap], range(4))
    best_readings(page, [cheap], range(4))
    assert sorted(cheap.asked) == [0, 1, 2, 3]


class WordByWord(Scripted):
    """Reads three words of a line, of which it doubts the second, and a part as one sure word."""

    def __init__(self, name: str, sure_of_word: float | None = None) -> None:
        super().__init__(name)
        self.card = ReaderCard(name, "1", frozenset({"Latn"}), 0.9, sure_of_word)
        self.widths: list[float] = []

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        self.widths.append(float(quad[1, 0] - quad[0, 0]))
        if self.card.sure_of_word is None:
            return LineReading("good", 0.95, (WordSpan("good", 0.0, 1.0, 0.95, 0.95),))
        words = [WordSpan("cheap", i / 3, (i + 0.9) / 3, 0.9, 0.5 if i == 1 else 0.9) for i in range(3)]
        return LineReading("cheap cheap cheap", 0.9, tuple(words))


def test_a_reader_that_judges_its_words_is_helped_with_those_in_doubt() -> None:
    cheap, good = WordByWord("cheap", sure_of_word=0.8), WordByWord("good")
    found = best_readings(lines(2), [cheap, good], range(2))
    assert [reading.text for reading in found] == ["cheap good cheap"] * 2
    assert len(good.widths) == 2
    assert all(width < 0.4 * whole for width, whole in zip(good.widths, cheap.widths, strict=False))


def test_a_page_that_a_judge_of_words_is_lost_on_is_left_to_the_first_that_is_of_use() -> None:
    cheap = WordByWord("cheap", sure_of_word=0.95)
    middle, best = Scripted("middle", 0.95, 0.87), Scripted("best", 0.99, 0.99)
    found = best_readings(lines(2), [cheap, middle, best], range(2))
    assert [reading.text for reading in found] == ["middle", "best"]


def test_it_is_left_to_the_next_where_the_first_is_lost_too() -> None:
    cheap = WordByWord("cheap", sure_of_word=0.95)
    middle, best = Scripted("middle", 0.95, 0.6), Scripted("best", 0.99, 0.8)
    found = best_readings(lines(2), [cheap, middle, best], range(2))
    assert [reading.text for reading in found] == ["best"] * 2


def test_it_is_left_to_the_surest_where_none_is_of_use() -> None:
    cheap = WordByWord("cheap", sure_of_word=0.95)
    middle, best = Scripted("middle", 0.8, 0.8), Scripted("best", 0.6, 0.6)
    found = best_readings(lines(2), [cheap, middle, best], range(2))
    assert [reading.text for reading in found] == ["middle"] * 2


def test_a_reader_that_cannot_be_of_use_any_more_reads_no_more_of_the_sample() -> None:
    cheap = WordByWord("cheap", sure_of_word=0.95)
    middle, best = Scripted("middle", *[0.4] * 20), Scripted("best", *[0.99] * 20)
    found = best_readings(lines(20), [cheap, middle, best], range(20))
    assert {reading.text for reading in found} == {"best"}
    assert middle.asked == [0, 1, 2, 3, 4, 5]


def test_it_reads_the_whole_sample_where_another_is_of_no_use_either() -> None:
    cheap = WordByWord("cheap", sure_of_word=0.95)
    middle, best = Scripted("middle", *[0.2] * 4, *[0.8] * 16), Scripted("best", *[0.4] * 20)
    found = best_readings(lines(20), [cheap, middle, best], range(20))
    assert found[10].text == "middle"


def test_the_best_is_not_asked_where_one_before_it_is_of_use() -> None:
    cheap = WordByWord("cheap", sure_of_word=0.95)
    middle, best = Scripted("middle", *[0.95] * 20), Scripted("best", *[0.99] * 20)
    best_readings(lines(20), [cheap, middle, best], range(20))
    assert best.asked == []
