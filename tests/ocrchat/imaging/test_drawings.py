"""Pages are drawn at 200 dpi with lines of text 36 pixels high, 50 pixels apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocrchat.imaging.drawings import pictures_on
from ocrchat.imaging.ink import Pixels
from ocrchat.imaging.quads import Quad

WIDE, HIGH, LETTER = 1654, 2339, 36


def blank() -> Pixels:
    return np.full((HIGH, WIDE), 245, np.uint8)


def written(page: Pixels, y0: int, y1: int) -> list[Quad]:
    """Lines of words across the page from y0 to y1, and their places."""
    quads = []
    for y in range(y0, y1 - LETTER, 50):
        cv2.putText(page, "the quick brown fox jumps over the lazy dog 1234567", (140, y + 28), 0, 1.4, 30, 3)
        quads.append(quad(136, y, 1480, y + LETTER))
    return quads


def quad(x0: float, y0: float, x1: float, y1: float) -> Quad:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def photo(high: int, wide: int) -> Pixels:
    """Something with light and dark places, large and small."""
    noise = np.random.default_rng(1).integers(0, 255, (high // 20, wide // 20)).astype(np.uint8)
    large = cv2.resize(noise, (wide, high), interpolation=cv2.INTER_CUBIC)
    return np.asarray((large * 0.6 + 20).astype(np.uint8))


def found(page: Pixels, lines: list[Quad], *rules: Quad) -> list[list[float]]:
    """Left, top, right, bottom of each picture."""
    drawn = np.array(rules, np.float32).reshape(-1, 4, 2)
    return [[*each[0].tolist(), *each[2].tolist()] for each in pictures_on(page, lines, drawn, LETTER)]


def page_with_photo() -> tuple[Pixels, list[Quad]]:
    page = blank()
    lines = [*written(page, 150, 700), *written(page, 1500, 2100)]
    page[800:1400, 400:1200] = photo(600, 800)
    return page, lines


def test_a_photo_among_lines_of_text_is_a_picture() -> None:
    page, lines = page_with_photo()
    assert found(page, lines) == [pytest.approx([400, 800, 1200, 1400], abs=12)]


def test_a_photo_on_a_coloured_page_is_too() -> None:
    page, lines = page_with_photo()
    assert found(np.stack([page, page, page // 2], axis=2), lines) == [
        pytest.approx([400, 800, 1200, 1400], abs=12)
    ]


def test_a_photo_is_found_on_a_page_in_uneven_light() -> None:
    page, lines = page_with_photo()
    light = np.linspace(1.0, 0.6, HIGH)[:, None]
    assert found(np.asarray((page * light).astype(np.uint8)), lines) == [
        pytest.approx([400, 800, 1200, 1400], abs=12)
    ]


def test_a_chart_is_one_picture_though_its_bars_stand_apart() -> None:
    page = blank()
    lines = written(page, 150, 700)
    for n, top in enumerate([900, 1000, 850, 1100, 950]):
        page[top:1300, 420 + 60 * n : 455 + 60 * n] = 90
    assert found(page, lines) == [pytest.approx([420, 850, 695, 1300], abs=14)]


def test_text_and_the_frames_around_it_are_no_pictures() -> None:
    page = blank()
    lines = written(page, 150, 2100)
    cv2.rectangle(page, (100, 120), (1560, 2140), 0, 3)
    sides = [(100, 120, 1560, 123), (100, 2137, 1560, 2140), (100, 120, 103, 2140), (1557, 120, 1560, 2140)]
    assert found(page, lines, *(quad(*side) for side in sides)) == []


def test_a_plain_ground_and_a_shadow_are_no_pictures() -> None:
    page = blank()
    lines = written(page, 150, 900)
    page[1000:1400, 400:1200] = 190
    fall = np.linspace(0, 90, 500)[None, :].astype(np.uint8)
    page[1500:2000, 700:1200] -= fall
    assert found(page, lines) == []


def test_the_table_on_which_a_page_was_photographed_is_no_picture() -> None:
    page = blank()
    page[:, 1540:] = photo(HIGH, 120)[:, : WIDE - 1540]
    assert found(page, written(page, 150, 2100)) == []


def test_a_mark_as_small_as_a_letter_is_no_picture() -> None:
    page = blank()
    lines = written(page, 150, 900)
    page[1200:1290, 400:490] = photo(100, 100)[:90, :90]
    assert found(page, lines) == []


def test_a_page_without_text_or_letters_gives_none() -> None:
    nothing: NDArray[np.float32] = np.zeros((0, 4, 2), np.float32)
    assert pictures_on(photo(600, 800), [], nothing, LETTER).shape == (0, 4, 2)
    assert pictures_on(blank(), [quad(0, 0, 9, 2)], nothing, 2.0).shape == (0, 4, 2)
