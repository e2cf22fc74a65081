from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocrchat.imaging.coverage import coverage, share_inside
from ocrchat.imaging.ink import marks_of
from ocrchat.model import Box


def sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (800, 600), 255)
    return image, ImageDraw.Draw(image)


def share(image: Image.Image, *blocks: Box) -> float:
    return coverage(marks_of(np.asarray(image)), blocks)


def letters(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """Eight marks of one size in a row."""
    for i in range(8):
        draw.rectangle((x + 24 * i, y, x + 24 * i + 9, y + 19), fill=0)


def test_half_of_the_ink_in_a_block_is_half_covered() -> None:
    image, draw = sheet()
    letters(draw, 100, 100)
    letters(draw, 100, 300)
    assert share(image) == 0
    assert share(image, Box(90, 90, 400, 130)) == pytest.approx(0.5, abs=0.01)
    assert share(image, Box(90, 90, 400, 130), Box(90, 290, 400, 330)) == 1


def test_two_blocks_over_one_another_count_once() -> None:
    image, draw = sheet()
    letters(draw, 100, 100)
    letters(draw, 100, 300)
    assert share(image, Box(90, 90, 400, 130), Box(80, 80, 500, 140)) == pytest.approx(0.5, abs=0.01)


def test_a_mark_half_inside_counts_half() -> None:
    image, draw = sheet()
    draw.rectangle((100, 100, 139, 139), fill=0)
    assert share(image, Box(0, 0, 120, 600)) == pytest.approx(0.5, abs=0.03)


def test_rules_frames_and_pictures_are_no_ink_that_could_be_lost() -> None:
    image, draw = sheet()
    letters(draw, 100, 100)
    draw.line((50, 200, 750, 200), fill=0, width=2)
    draw.rectangle((20, 20, 780, 580), outline=0, width=3)
    for step in range(0, 200, 6):  # hatched, so that it is ink for as large as it is
        draw.line((450, 250 + step, 750, 250 + step), fill=0, width=3)
        draw.line((450 + step, 250, 450 + step, 450), fill=0, width=3)
    assert share(image, Box(90, 90, 400, 130)) == 1


def test_of_a_blank_page_nothing_is_lost() -> None:
    assert share(sheet()[0]) == 1
    assert coverage(marks_of(np.full((20, 20), 255, np.uint8)), ()) == 1


def test_a_tiny_picture_is_measured_in_its_own_pixels() -> None:
    page = np.full((40, 80), 255, np.uint8)
    page[10:20, 10:14] = 0
    page[10:20, 50:54] = 0
    marks = marks_of(page)
    assert marks.scale == 1
    assert share_inside(marks, blocks=[Box(5, 5, 20, 25)]).tolist() == [1, 0]


def test_a_line_at_an_angle_covers_what_stands_in_it_alone() -> None:
    image, draw = sheet()
    draw.rectangle((100, 118, 109, 127), fill=0)
    draw.rectangle((400, 118, 409, 127), fill=0)
    slanting = np.array([[50, 80], [500, 300], [490, 320], [40, 120]], np.float32)
    shares = share_inside(marks_of(np.asarray(image)), quads=[slanting])
    assert sorted(shares.round(1).tolist()) == [0, 1]
