from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.ink import marks_of
from ocrchat.imaging.left_over import LeftRow, has_faint_rows, is_lettering, rows_left
from ocrchat.imaging.quads import Quad
from ocrchat.model import Box

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""In Debian's fonts-dejavu-core, as in `drawing`."""
SENTENCE = "Boats leave at dawn"


def sheet(text: str = "", size: int = 24, ink: int = 0, paper: int = 255) -> Image.Image:
    image = Image.new("L", (800, 600), paper)
    ImageDraw.Draw(image).text((100, 100), text, ink, ImageFont.truetype(FONT, size))
    return image


def left(image: Image.Image, *lines: Quad) -> tuple[LeftRow, ...]:
    grey = np.asarray(image)
    return rows_left(grey, marks_of(grey), lines)


def line(x0: int, y0: int, x1: int, y1: int) -> Quad:
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float32)


def test_a_line_that_nobody_found_is_left() -> None:
    rows = left(sheet(SENTENCE))
    assert len(rows) >= 1
    assert all(not row.is_light and 10 <= row.letter <= 24 for row in rows)
    assert min(row.box.x0 for row in rows) < 110
    assert max(row.box.x1 for row in rows) > 300


def test_a_line_that_was_found_is_not() -> None:
    assert left(sheet(SENTENCE), line(90, 95, 500, 140)) == ()


def test_light_letters_on_dark_ground_are_left_too() -> None:
    image = sheet()
    draw = ImageDraw.Draw(image)
    draw.rectangle((50, 300, 700, 500), fill=40)
    draw.text((100, 380), SENTENCE, 240, ImageFont.truetype(FONT, 24))
    rows = left(image)
    assert rows
    assert all(row.is_light and 370 < row.box.y0 < 420 for row in rows)


def test_dashes_dots_rules_and_dust_are_no_lettering() -> None:
    image = sheet()
    draw = ImageDraw.Draw(image)
    for x in range(50, 700, 20):
        draw.rectangle((x, 100, x + 11, 103), fill=0)  # a dashed line
        draw.ellipse((x, 200, x + 9, 209), fill=0)  # a row of dots
    draw.rectangle((50, 300, 700, 303), fill=0)
    random = np.random.default_rng(7)
    for x, y in random.integers(350, 590, (12, 2)):
        draw.rectangle((x, y, x + 3, y + 3), fill=0)
    assert left(image) == ()


def test_letters_of_one_tone_are_lettering_dark_or_light_and_a_ramp_is_none() -> None:
    image = sheet()
    draw = ImageDraw.Draw(image)
    draw.rectangle((50, 300, 700, 500), fill=40)
    for y, ink in ((100, 0), (380, 240)):
        draw.text((100, y), SENTENCE, ink, ImageFont.truetype(FONT, 24))
        assert is_lettering(np.asarray(image), Box(95, y, 600, y + 30))
    ramp = np.tile(np.linspace(0, 255, 800).astype(np.uint8), (60, 1))
    assert not is_lettering(ramp, Box(0, 0, 800, 60))


def test_a_halftone_and_a_photo_give_a_row_by_chance_at_most() -> None:
    random = np.random.default_rng(3)
    rows, columns = np.mgrid[0:600, 0:800]
    waves = 128 + 100 * np.sin(columns / 37) * np.cos(rows / 23)
    halftone = np.where(np.sin(columns * 1.1) * np.sin(rows * 1.1) * 128 + 128 > waves, 255, 0)
    rough = random.normal(0, 60, (75, 100)).repeat(8, 0).repeat(8, 1)
    photo = np.clip(waves / 2 + 60 + rough + random.normal(0, 12, (600, 800)), 0, 255)
    for picture in (halftone, photo):
        assert len(left(Image.fromarray(picture.astype(np.uint8)))) <= 1


def test_a_blank_page_has_nothing_left() -> None:
    assert left(sheet()) == ()
    assert left(sheet(paper=10)) == ()


def test_a_page_of_a_few_pixels_has_nothing_left() -> None:
    for shape in ((1, 1), (3, 900), (900, 3), (8, 8), (15, 17)):
        assert left(Image.fromarray(np.full(shape, 90, np.uint8))) == ()


def test_faint_lettering_outside_the_lines_is_seen_and_noise_is_not() -> None:
    grey = np.asarray(sheet(SENTENCE, ink=238))
    found = line(90, 95, 500, 140)
    assert has_faint_rows(grey, [], 18)
    assert not has_faint_rows(grey, [found], 18)
    noisy = np.random.default_rng(1).normal(250, 6, grey.shape).clip(0, 255).astype(np.uint8)
    assert not has_faint_rows(noisy, [], 18)
