"""Latin words among another script are found by doubt and read with a companion."""

from __future__ import annotations

import numpy as np
import pytest

from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, ReaderCard, WordSpan
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.second_script import doubted_parts, is_latin, with_latin_words
from ocrchat.imaging.quads import Quad, quad_around


class Scripted:
    """Reads the same everywhere, and remembers how often it was asked."""

    def __init__(self, text: str, confidence: float) -> None:
        self.card = ReaderCard(text, "1", frozenset({"Latn"}), 0.9)
        self.reading = LineReading(text, confidence)
        self.asked = 0

    def read(self, page: PagePixels, quad: Quad) -> LineReading:
        self.asked += 1
        return self.reading


def _lines(count: int) -> LinesOfPage:
    blank = np.full((100 * count + 50, 400), 255, np.uint8)
    quads = [quad_around((200.0, 100.0 * i + 20), (300.0, 20.0), 0.0) for i in range(count)]
    return LinesOfPage(PagePixels.of(blank), quads, None)


def _reading(*confidences: float) -> LineReading:
    step = 1 / len(confidences)
    words = tuple(
        WordSpan("\u03bb\u03cc\u03b3\u03bf\u03c2", i * step + 0.02, (i + 1) * step - 0.02, sure, sure)
        for i, sure in enumerate(confidences)
    )
    return LineReading(" ".join(w.text for w in words), sum(confidences) / len(confidences), words)


SURE, MIXED = _reading(0.97, 0.96), _reading(0.97, 0.3, 0.2, 0.97)


def test_words_in_doubt_side_by_side_are_one_part() -> None:
    ((start, end),) = doubted_parts(MIXED)
    assert (start, end) == pytest.approx((0.25, 0.75))
    assert doubted_parts(SURE) == []


def test_parts_stand_where_the_words_do_whatever_their_order() -> None:
    mirrored = LineReading(MIXED.text, MIXED.confidence, MIXED.words[::-1])
    assert doubted_parts(mirrored) == doubted_parts(MIXED)


@pytest.mark.parametrize(
    ("text", "confidence", "expected"),
    [
        ("machine", 0.95, True),
        ("machine", 0.8, False),
        ("of", 0.99, False),
        ("\u03bb\u03cc\u03b3\u03bf\u03c2", 0.99, False),
    ],
)
def test_latin_words_are_long_and_sure(text: str, confidence: float, expected: bool) -> None:
    assert is_latin(LineReading(text, confidence)) is expected


def test_lines_with_latin_words_are_read_with_both_scripts() -> None:
    latin, both = Scripted("machine", 0.98), Scripted("both", 0.95)
    found = with_latin_words(_lines(2), [SURE, MIXED], latin, {"en": both}.get)
    assert [reading.text for reading in found] == [SURE.text, "both"]


def test_a_page_without_doubt_is_not_read_again() -> None:
    latin = Scripted("machine", 0.98)
    assert with_latin_words(_lines(1), [SURE], latin, {}.get) == [SURE]
    assert latin.asked == 0


@pytest.mark.parametrize(("latin", "both"), [(0.5, 0.95), (0.98, 0.5)])
def test_doubtful_lines_stay_where_the_words_are_not_latin_or_nothing_reads_them_better(
    latin: float, both: float
) -> None:
    readers = {"en": Scripted("both", both)}
    assert with_latin_words(_lines(1), [MIXED], Scripted("machine", latin), readers.get) == [MIXED]


def test_the_companion_that_is_surest_is_taken() -> None:
    readers = {"en": Scripted("plain", 0.8), "de-Latf": Scripted("broken", 0.9)}
    (found,) = with_latin_words(_lines(1), [MIXED], Scripted("machine", 0.98), readers.get)
    assert found.text == "broken"
