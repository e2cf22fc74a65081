"""Rows of one mark are told from lines of text."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.repeats import STRIP_HEIGHT, repeats_one_mark
from tests.drawing import FONT


def _strip(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    font = ImageFont.truetype(FONT, 18)
    line = Image.new("L", (int(font.getlength(text)) + 8, STRIP_HEIGHT), 240)
    ImageDraw.Draw(line).text((4, 1), text, font=font, fill=20)
    noise = np.random.default_rng(7).normal(0, 6, (line.height, line.width))
    return np.clip(np.asarray(line) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("mark", ["*", "-", "=", "- ", "* ", "x", "#"])
def test_a_row_of_one_mark_repeats_it(mark: str) -> None:
    assert repeats_one_mark(_strip(mark * 40))


@pytest.mark.parametrize(
    "text",
    [
        "Gleich hier am Service Punkt im Markt",
        "illicit million",
        "11.26  1433  262626",
        "نص عربي قصير هنا",
        "habibi",
        "barbar",
    ],
)
def test_text_does_not(text: str) -> None:
    assert not repeats_one_mark(_strip(text))


@pytest.mark.parametrize("width", [1, 8, 17, 40])
def test_a_blank_or_a_tiny_strip_does_not(width: int) -> None:
    assert not repeats_one_mark(np.full((STRIP_HEIGHT, width), 255, np.uint8))
