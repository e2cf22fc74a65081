"""Pictures that cannot hold text are told from those that somebody should read."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.lettering import may_have_letters
from tests.drawing import FONT

Pixels = NDArray[np.uint8]


def _said(text: str, size: int, ink: int = 0, paper: int = 255) -> Pixels:
    page = Image.new("L", (600, 300), paper)
    ImageDraw.Draw(page).text((40, 60), text, font=ImageFont.truetype(FONT, size), fill=ink)
    return np.asarray(page)


@pytest.mark.parametrize("size", [11, 24, 80, 200])
@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (90, 140), (230, 180)])
def test_letters_are_seen_in_any_size_dark_or_light(size: int, ink: int, paper: int) -> None:
    assert may_have_letters(_said("No 7", size, ink, paper))


@pytest.mark.parametrize("text", ["طريق الشمس", "Ωμέγα", "日本", "до"])
def test_letters_of_other_scripts_are_seen(text: str) -> None:
    assert may_have_letters(_said(text, 30))


def test_letters_that_run_upward_are_seen() -> None:
    assert may_have_letters(np.ascontiguousarray(np.rot90(_said("upward", 30))))


def test_letters_on_a_photo_are_seen() -> None:
    grain = np.random.default_rng(1).integers(0, 256, (300, 600)).astype(np.float32)
    photo = cv2.GaussianBlur(grain, (0, 0), 9) + 60
    said = _said("EXIT", 60)
    photo[said < 128] = 255
    assert may_have_letters(photo.clip(0, 255).astype(np.uint8))


def _plain() -> Pixels:
    return np.full((300, 600), 200, np.uint8)


def _shade() -> Pixels:
    return np.tile(np.linspace(0, 255, 600), (300, 1)).astype(np.uint8)


def _hairlines() -> Pixels:
    picture = _plain()
    picture[::40] = 0
    return picture


def _colour() -> Pixels:
    return np.full((300, 600, 3), (200, 30, 30), np.uint8)


@pytest.mark.parametrize("drawn", [_plain, _shade, _hairlines, _colour])
def test_areas_shades_and_lines_hold_no_letters(drawn: Callable[[], Pixels]) -> None:
    assert not may_have_letters(drawn())
