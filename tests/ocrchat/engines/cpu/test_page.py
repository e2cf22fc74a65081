"""Lines put together to a page."""

from __future__ import annotations

import numpy as np

from ocrchat.engines.cpu.auto import Verdict
from ocrchat.engines.cpu.calibration import calibrated
from ocrchat.engines.cpu.line_reader import LineReading, ReaderCard, WordSpan
from ocrchat.engines.cpu.page import ReadLine, is_rule, page_of, says_nothing
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Page, PageImage


def _page(*readings: LineReading) -> Page:
    """A page with these lines, one below the other."""
    image = PageImage(np.full((400, 600), 255, np.uint8))
    quad = np.array([[50, 20], [350, 20], [350, 50], [50, 50]], np.float32)
    shift = np.array([0, 50], np.float32)
    lines = [ReadLine(quad + shift * place, reading) for place, reading in enumerate(readings)]
    return page_of(image, 0, lines, Flow.LEFT_TO_RIGHT, Verdict("en", "Latn"))


def test_a_doubtful_long_line_is_kept_with_its_confidence() -> None:
    page = _page(LineReading("hardly legible", 0.1))
    assert page.text == "hardly legible"
    assert page.blocks[0].confidence == 0.1
    assert page.notes == ()


def test_short_doubtful_marks_are_left_out_and_told() -> None:
    page = _page(LineReading("a whole line", 0.9), LineReading("l1", 0.2), LineReading("x", 0.1))
    assert page.text == "a whole line"
    (note,) = page.notes
    assert note.code == "marks-left-out"
    assert note.message.startswith("2 short marks")


def test_specks_without_letters_are_no_loss() -> None:
    assert _page(LineReading("a whole line", 0.9), LineReading("..", 0.3)).notes == ()


def test_what_is_left_out_is_judged_by_the_readers_own_figure() -> None:
    """Tesseract's .35 is right less often than .3; the mark is kept as before, with what it is worth."""
    reader = ReaderCard("tesseract-eng", "5", frozenset({"Latn"}), 0.9)
    page = _page(LineReading("l1", 0.35, (WordSpan("l1", 0.0, 1.0, 0.35, 0.35, reader),)))
    assert page.text == "l1"
    told = calibrated(LineReading("l1", 0.35, (WordSpan("l1", 0.0, 1.0, 0.35, 0.35, reader),)))
    assert page.confidence == page.blocks[0].lines[0].words[0].confidence == told.confidence != 0.35


def test_a_reading_says_nothing_without_a_letter_unless_it_is_sure() -> None:
    assert says_nothing(LineReading("", 0.0))
    assert says_nothing(LineReading("*", 0.43))
    assert not says_nothing(LineReading("***", 0.9))
    assert not says_nothing(LineReading("e", 0.2))


def test_dashes_are_a_rule_and_other_marks_are_none() -> None:
    assert is_rule(LineReading("- = -", 0.4))
    assert not is_rule(LineReading("*-*", 0.4))
    assert not is_rule(LineReading("", 0.0))
