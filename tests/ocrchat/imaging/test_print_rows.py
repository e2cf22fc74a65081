from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocrchat.imaging.ink import marks_of
from ocrchat.imaging.print_rows import rows_of_print
from ocrchat.imaging.quads import Quad

FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
"""In Debian's fonts-dejavu-core, as in `drawing`."""
LINES = (
    "Boats leave the harbour at dawn, long before",
    "anybody else has opened the shutters; gulls",
    "follow them out past the mole. By ten they are",
    "back, heavy with fish, and the quay fills up.",
    "Ångström, Škoda, Éire and Đà Nẵng keep marks.",
    "Its market ends when the last crate is sold.",
)


def sheet(lines: tuple[str, ...] = LINES, size: int = 30, leading: float = 1.5, x: int = 120) -> Image.Image:
    image = Image.new("L", (1200, 1400), 255)
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(lines):
        draw.text((x, 100 + row * round(size * leading)), text, 0, ImageFont.truetype(FONT, size))
    return image


def found(image: Image.Image) -> list[Quad] | None:
    """The lines, from the top."""
    rows = rows_of_print(marks_of(np.asarray(image)))
    return None if rows is None else sorted(rows, key=lambda quad: float(quad[0, 1]))


def spans(image: Image.Image) -> list[tuple[float, float, float, float]]:
    """x0, y0, x1, y1 of the lines, which must be found."""
    rows = found(image)
    assert rows is not None
    return [(*quad.min(axis=0).tolist(), *quad.max(axis=0).tolist()) for quad in rows]


@pytest.mark.parametrize("leading", [1.25, 1.5, 2.2])
def test_each_line_of_plain_print_is_a_row_with_all_its_ink(leading: float) -> None:
    rows = spans(sheet(leading=leading))
    assert len(rows) == len(LINES)
    face = ImageFont.truetype(FONT, 30)
    for row, (text, (x0, y0, x1, y1)) in enumerate(zip(LINES, rows, strict=True)):
        left, top, right, foot = face.getbbox(text)
        above = 100 + row * round(30 * leading)
        assert x0 <= 120 + left <= x0 + 20
        assert x1 - 20 <= 120 + right <= x1
        assert y0 <= above + top <= y0 + 16
        assert y1 - 16 <= above + foot <= y1


def test_a_skewed_page_has_skewed_rows() -> None:
    rows = found(sheet().rotate(-2, fillcolor=255, resample=Image.Resampling.BICUBIC))
    assert rows is not None
    assert len(rows) == len(LINES)
    for quad in rows:
        slope = (quad[1, 1] - quad[0, 1]) / (quad[1, 0] - quad[0, 0])
        assert abs(slope - np.tan(np.radians(2))) < 0.006


def test_a_heading_in_large_letters_is_one_row() -> None:
    image = sheet()
    ImageDraw.Draw(image).text((120, 20), "Catch of the day", 0, ImageFont.truetype(FONT, 60))
    rows = spans(image)
    assert len(rows) == len(LINES) + 1
    assert rows[0][3] - rows[0][1] > 1.5 * (rows[1][3] - rows[1][1])


def test_columns_have_rows_of_their_own() -> None:
    image = Image.new("L", (1200, 1400), 255)
    draw, face = ImageDraw.Draw(image), ImageFont.truetype(FONT, 22)
    for row, text in enumerate(LINES):
        for x in (40, 640):
            draw.text((x, 100 + row * 36), text, 0, face)
    rows = spans(image)
    assert len(rows) == 2 * len(LINES)
    assert all(x1 < 640 or x0 > 600 for x0, _, x1, _ in rows)


def test_a_raised_figure_stays_in_its_line_and_a_short_last_line_is_one() -> None:
    image = sheet()
    draw = ImageDraw.Draw(image)
    end = 120 + round(ImageFont.truetype(FONT, 30).getlength(LINES[3]))
    draw.text((end + 2, 100 + 3 * 45 - 2), "2", 0, ImageFont.truetype(FONT, 16))
    draw.text((120, 100 + len(LINES) * 45), "Yes.", 0, ImageFont.truetype(FONT, 30))
    rows = spans(image)
    assert len(rows) == len(LINES) + 1
    assert rows[3][2] > end + 8


def test_drawn_lines_between_paragraphs_change_nothing() -> None:
    image = sheet(leading=2.2)
    ImageDraw.Draw(image).line((100, 230, 1000, 230), fill=0, width=3)
    assert len(spans(image)) == len(LINES)


def test_a_page_that_is_not_plain_print_is_left_to_a_detector() -> None:
    with_picture = sheet()
    ImageDraw.Draw(with_picture).ellipse((300, 700, 600, 1000), fill=60)
    lying = sheet().rotate(90, expand=True)
    assert found(with_picture) is None
    assert found(lying) is None
    assert found(sheet(LINES[:1])) is None  # too few letters to judge by
    assert found(Image.new("L", (1200, 1400), 255)) is None


def test_lines_that_touch_are_left_to_a_detector() -> None:
    assert found(sheet(leading=0.7)) is None
