from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocrchat.imaging.ruling import drawn_lines
from tests.drawing import printed_page

TEXT = ["some words of a page", "and some more of them"]


def lined(skew: float = 0.0) -> NDArray[np.uint8]:
    """A printed page with a level line at y 300 and an upright one at x 60, both 600 pixels long."""
    page = np.asarray(printed_page(TEXT).convert("L")).copy()
    page[300:303, 100:700] = 0
    page[20:440, 60:62] = 90
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), -skew, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, page.shape[::-1], borderValue=255), np.uint8)


def test_lines_are_found_and_letters_are_none() -> None:
    level, upright = drawn_lines(lined(), 36, 0.0)
    assert level.tolist() == pytest.approx(np.array([[100, 300], [700, 300], [700, 303], [100, 303]]), abs=4)
    assert upright.tolist() == pytest.approx(np.array([[60, 20], [62, 20], [62, 440], [60, 440]]), abs=4)


@pytest.mark.parametrize("skew", [-4.0, 2.5])
def test_lines_of_a_skewed_page_run_as_its_text_does(skew: float) -> None:
    quads = drawn_lines(lined(skew), 36, skew)
    level = max(quads, key=lambda quad: float(np.ptp(quad[:, 0])))
    along = level[1] - level[0]
    assert np.degrees(np.arctan2(along[1], along[0])) == pytest.approx(skew, abs=0.3)
    assert np.linalg.norm(along) == pytest.approx(600, abs=12)


def test_a_page_smaller_than_its_letters_has_no_lines() -> None:
    assert drawn_lines(np.full((20, 20), 255, np.uint8), 30, 0.0).shape == (0, 4, 2)
