"""Boxes of one row that overlap end and begin in the gap between their letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.overlaps import drawn_apart
from ocrchat.imaging.quads import Quad
from tests.drawing import FONT

LEFT, TOP, HEIGHT = 40, 20, 34
TEXT = "these are words of a column"


def _row(gap: int) -> tuple[NDArray[np.uint8], float]:
    """A picture with the text twice, so many pixels apart, and where the first one ends."""
    font = ImageFont.truetype(FONT, 26)
    end = LEFT + font.getlength(TEXT)
    page = Image.new("L", (1000, 80), 245)
    draw = ImageDraw.Draw(page)
    draw.text((LEFT, TOP), TEXT, font=font, fill=30)
    draw.text((end + gap, TOP), TEXT, font=font, fill=30)
    return np.asarray(page), end


def _quad(x0: float, x1: float, y0: float = TOP) -> Quad:
    return np.array([[x0, y0], [x1, y0], [x1, y0 + HEIGHT], [x0, y0 + HEIGHT]], np.float32)


def test_lines_whose_margins_meet_in_a_gutter_are_parted_in_its_middle() -> None:
    page, end = _row(20)
    left, right = drawn_apart([_quad(30, end + 14), _quad(end + 2, 950)], page)
    assert end < left[1][0] == right[0][0] < end + 20
    assert (left[0][0], right[1][0]) == (30, 950)


def test_a_line_between_two_others_is_drawn_back_on_both_sides() -> None:
    page, end = _row(20)
    begin = LEFT - 10
    middle = _quad(begin, end + 14)
    before, line, after = drawn_apart([_quad(-200, LEFT), middle, _quad(end + 2, 950)], page)
    assert begin < before[1][0] == line[0][0] <= LEFT
    assert end < line[1][0] == after[0][0] < end + 20


def test_boxes_with_ink_in_all_of_what_they_share_stay() -> None:
    page, end = _row(0)
    quads = [_quad(30, end - 4), _quad(end - 20, 950)]
    assert all(map(np.array_equal, drawn_apart(quads, page), quads))


def test_short_boxes_such_as_cells_stay() -> None:
    page, end = _row(20)
    quads = [_quad(30, end + 14), _quad(end + 2, end + 100)]
    assert all(map(np.array_equal, drawn_apart(quads, page), quads))


def test_two_boxes_of_one_line_and_lines_of_other_rows_stay() -> None:
    page, end = _row(20)
    for other in (_quad(60, end), _quad(end + 2, 950, TOP + 30), _quad(end + 30, 950)):
        quads = [_quad(30, end + 14), other]
        assert all(map(np.array_equal, drawn_apart(quads, page), quads))


def test_a_page_without_lines_has_none() -> None:
    assert drawn_apart([], np.zeros((10, 10), np.uint8)) == []
