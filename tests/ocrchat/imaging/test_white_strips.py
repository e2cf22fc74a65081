"""Empty strips between columns of print are seen in the marks of a page."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.ink import InkMarks, marks_of
from ocrchat.imaging.scale import grey_of
from ocrchat.imaging.white_strips import strips_between
from tests.drawing import FONT

WORDS = (
    "the",
    "rights",
    "of",
    "all",
    "people",
    "and",
    "of",
    "each",
    "one",
    "are",
    "told",
    "in",
    "a",
    "few",
    "lines",
)
PITCH, SIZE = 33, 28
"""Pixels from line to line, and of the letters: 10 points at 200 dpi."""


def _marks(columns: list[tuple[int, int]], rows: int, skew: float = 0.0) -> InkMarks:
    """Justified lines in columns from x to x, and a line right across above them."""
    page = Image.new("L", (1654, 120 + rows * PITCH), 250)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, SIZE)
    _justified(draw, font, 0, columns[0][0], columns[-1][1], 30)
    for start, end in columns:
        for row in range(rows):
            _justified(draw, font, row, start, end, 90 + row * PITCH)
    return marks_of(grey_of(np.asarray(page.rotate(-skew, Image.Resampling.BICUBIC, fillcolor=250))))


def _justified(
    draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, row: int, start: int, end: int, y: int
) -> None:
    words: list[str] = []
    index = 5 * row
    while font.getlength(" ".join([*words, WORDS[index % len(WORDS)]])) <= end - start:
        words.append(WORDS[index % len(WORDS)])
        index += 1
    space = (end - start - sum(map(font.getlength, words))) / (len(words) - 1)
    x = float(start)
    for word in words:
        draw.text((x, y), word, font=font, fill=20)
        x += font.getlength(word) + space


def test_the_gutter_of_two_columns_is_seen() -> None:
    (strip,) = strips_between(_marks([(100, 815), (839, 1554)], 20), 0.0, PITCH).strips
    assert 810 < strip.x0 < 822
    assert 832 < strip.x1 < 845
    assert 80 < strip.y0 < 110
    assert 90 + 18 * PITCH < strip.y1 < 100 + 20 * PITCH


def test_three_columns_have_two_gutters() -> None:
    found = strips_between(_marks([(100, 560), (590, 1050), (1080, 1540)], 20), 0.0, PITCH)
    assert sorted(round(strip.middle / 10) for strip in found.strips) == pytest.approx([57, 106], abs=1)


@pytest.mark.parametrize("told", [0.2, 0.6, 1.0])
def test_lines_that_mislead_about_the_skew_hide_no_gutter(told: float) -> None:
    (strip,) = strips_between(_marks([(100, 817), (837, 1554)], 40, skew=0.6), told, PITCH).strips
    assert strip.y1 - strip.y0 > 30 * PITCH


@pytest.mark.parametrize("columns", [[(100, 1554)], [(100, 700)]])
def test_spaces_in_one_column_are_no_gutter(columns: list[tuple[int, int]]) -> None:
    assert strips_between(_marks(columns, 40), 0.0, PITCH).strips == ()


def test_a_page_without_marks_has_none() -> None:
    assert strips_between(marks_of(np.full((400, 300), 250, np.uint8)), 0.0, PITCH).strips == ()
