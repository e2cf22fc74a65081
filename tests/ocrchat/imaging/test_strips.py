from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocrchat.imaging.ink import dark_on_light, is_light_on_dark, survey
from ocrchat.imaging.quads import quad_around
from ocrchat.imaging.scale import bgr_of, fitted, grey_of
from ocrchat.imaging.strips import LONGEST, strip


def page_with_bar(degrees: float = 0.0) -> np.ndarray:
    """White, 300 x 400, with a black bar of 200 x 20 in its middle, turned clockwise."""
    corners = cv2.boxPoints(((200.0, 150.0), (200.0, 20.0), degrees)).astype(np.int32)
    return cv2.fillPoly(np.full((300, 400), 255, np.uint8), [corners], 0)


@pytest.mark.parametrize("degrees", [0.0, 5.0, -12.0])
def test_a_slanted_line_becomes_a_straight_strip(degrees: float) -> None:
    cut = strip(page_with_bar(degrees), quad_around((200.0, 150.0), (240.0, 40.0), degrees), 48)
    assert cut.shape == (48, 288)
    dark = cut < 128
    assert dark[24].mean() == pytest.approx(200 / 240, abs=0.03)
    assert dark[:, 144].mean() == pytest.approx(0.5, abs=0.06)
    assert not dark[:8].any()


def test_a_strip_can_reach_over_the_edge_of_the_page() -> None:
    cut = strip(np.full((50, 50), 200, np.uint8), quad_around((0.0, 0.0), (80.0, 30.0), 0.0), 32)
    assert (cut == 200).all()


def test_colour_is_kept_and_length_is_bounded() -> None:
    page = np.zeros((40, 9000, 3), np.uint8)
    page[..., 2] = 90
    cut = strip(page, quad_around((4500.0, 20.0), (9000.0, 20.0), 0.0), 40)
    assert cut.shape == (40, LONGEST, 3)
    assert cut[20, 20].tolist() == [0, 0, 90]


def test_a_page_is_fitted_to_multiples_of_the_step() -> None:
    assert fitted(np.zeros((2339, 1654), np.uint8), 1280).shape == (1280, 896)
    assert fitted(np.zeros((3, 3000), np.uint8), 1280).shape == (64, 1280)
    assert fitted(np.zeros((100, 100), np.uint8), 1280, most=2.0).shape == (192, 192)


def test_grey_and_colours_come_in_the_order_that_models_want() -> None:
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 255
    assert bgr_of(red)[0, 0].tolist() == [0, 0, 255]
    assert grey_of(red)[0, 0] == 76
    grey = np.full((2, 2), 7, np.uint8)
    assert grey_of(grey) is grey


def test_light_letters_are_turned_dark_and_dark_ones_left() -> None:
    bar = page_with_bar()[120:180, 60:340]
    assert not is_light_on_dark(bar)
    assert (dark_on_light(bar) == bar).all()
    assert (dark_on_light(255 - bar) == bar).all()


def test_a_survey_finds_where_the_ink_is_and_how_high_letters_are() -> None:
    page = np.full((400, 600), 250, np.uint8)
    for x in range(100, 500, 24):
        for y in range(100, 300, 50):
            page[y : y + 20, x : x + 12] = 10
    ink = survey(page)
    assert ink is not None
    assert ink.letter == pytest.approx(20, abs=4)
    assert ink.letters == 17 * 4
    assert ink.regular == 1.0
    assert (ink.extent.x0, ink.extent.y0) == pytest.approx((100, 100), abs=4)
    assert survey(np.full((400, 600), 250, np.uint8)) is None
    assert survey(np.zeros((20, 20), np.uint8)) is None
