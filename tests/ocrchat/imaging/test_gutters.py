"""Lines that run across an empty strip between columns are parted there."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.gutters import parted_at_gutters
from ocrchat.imaging.ink import marks_of
from ocrchat.imaging.quads import Quad
from tests.drawing import FONT

LEFT, RIGHT, PITCH, HEIGHT = 60, 480, 40, 30
"""Where the columns begin, and lines from top to top; the left one ends some 30 pixels before the right."""
TEXTS = ("these are words of a column", "and some others stand below", "that are as long as they are")


def _page(rows: int, *, gutter: bool = True) -> tuple[NDArray[np.uint8], list[float]]:
    """Rows of text in two columns, or right across, and where the left column's lines end."""
    page = Image.new("L", (960, 40 + rows * PITCH), 245)
    draw, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 24)
    ends = []
    for row in range(rows):
        text, y = TEXTS[row % 3], 20 + row * PITCH
        stretch = (RIGHT - 30 - LEFT) / font.getlength(text)
        fitting = ImageFont.truetype(FONT, 24 * stretch)
        ends.append(LEFT + fitting.getlength(text))
        if gutter:
            draw.text((LEFT, y), text, font=fitting, fill=30)
            draw.text((RIGHT, y), text, font=fitting, fill=30)
        else:
            draw.text((LEFT, y), f"{text} {text}", font=fitting, fill=30)
    return np.asarray(page), ends


def _parted(quads: list[Quad], page: NDArray[np.uint8]) -> list[Quad]:
    return parted_at_gutters(quads, page, marks_of(page))


def _quad(x0: float, x1: float, row: int) -> Quad:
    y0 = 20 + row * PITCH
    return np.array([[x0, y0], [x1, y0], [x1, y0 + HEIGHT], [x0, y0 + HEIGHT]], np.float32)


def test_lines_that_were_drawn_across_are_parted_where_columns_are_seen() -> None:
    page, ends = _page(8)
    apart = [_quad(*side, row) for row in range(5) for side in ((LEFT, ends[row]), (RIGHT, 900))]
    across = [_quad(LEFT, 900, row) for row in range(5, 8)]
    parted = _parted([*apart, *across], page)
    assert len(parted) == 16
    for left, right in zip(parted[10::2], parted[11::2], strict=True):
        assert RIGHT - 40 < left[1][0] == right[0][0] < RIGHT + 5


def test_most_lines_across_tell_a_gutter_too() -> None:
    page, ends = _page(9)
    left = [_quad(LEFT, ends[row], row) for row in range(4)]
    assert len(_parted([*left, *(_quad(LEFT, 900, row) for row in range(4, 9))], page)) == 14


def test_a_line_of_text_stays_whole_above_and_below_columns() -> None:
    page, ends = _page(8, gutter=False)
    apart = [_quad(*side, row) for row in range(5) for side in ((LEFT, ends[row]), (RIGHT, 900))]
    across = [_quad(LEFT, 900, row) for row in range(5, 8)]
    assert len(_parted([*apart, *across], page)) == 13


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_few_lines_stay_as_they_are(count: int) -> None:
    page, _ = _page(8)
    assert len(_parted([_quad(LEFT, 900, row) for row in range(count)], page)) == count


def test_lines_that_all_run_across_a_long_narrow_gutter_are_parted() -> None:
    page, ends = _page(14)
    narrow = np.roll(page, -14, axis=1)
    narrow[:, : RIGHT - 30] = page[:, : RIGHT - 30]
    parted = _parted([_quad(LEFT, 880, row) for row in range(14)], narrow)
    assert len(parted) == 28
    assert all(max(ends) < left[1][0] == right[0][0] < RIGHT - 14 for left, right in _pairs(parted))


def test_cells_beside_a_strip_stay_as_they_were_found() -> None:
    page = _page(14)[0].copy()
    page[:, LEFT + 70 : RIGHT] = 245
    assert len(_parted([_quad(LEFT, 900, row) for row in range(14)], page)) == 14


def _pairs(parted: list[Quad]) -> list[tuple[Quad, Quad]]:
    return list(zip(parted[::2], parted[1::2], strict=True))


def test_a_line_right_under_a_gutter_is_not_cut_through_its_letters() -> None:
    page = _page(14)[0].copy()
    page[20 + 13 * PITCH :] = np.roll(_page(14, gutter=False)[0], 60, axis=1)[20 + 13 * PITCH :]
    high = _quad(LEFT, 900, 13) - np.array([0, 8], np.float32)
    parted = _parted([*(_quad(LEFT, 900, row) for row in range(13)), high], page)
    assert len(parted) == 27
