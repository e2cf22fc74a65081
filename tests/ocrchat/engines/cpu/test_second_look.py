from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from drawn import font
from PIL import Image, ImageDraw

from ocrchat.engines.base import Engine
from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, Pixels, ReaderCard
from ocrchat.engines.cpu.second_look import (
    MOST_PIXELS,
    apart_from,
    is_believed,
    places_unread,
    regions_of,
    second_look,
)
from ocrchat.imaging.ink import marks_of
from ocrchat.imaging.left_over import LeftRow
from ocrchat.imaging.quads import Quad
from ocrchat.layout.unread import notes_of_unread
from ocrchat.model import Box, Page, PageImage
from ocrchat.model.codec import page_from_bytes, stored
from ocrchat.options import Options

CARD = ReaderCard("a reader", "1", frozenset({"Latn"}), 0.9)
TERMS = "Ask the shop for the leaflet about tides"
CAPTION = "Harbour at night, seen from the pier"


def read(engine: Engine, image: Image.Image) -> Page:
    return engine.read([PageImage(np.asarray(image))], Options(languages=("en",)))[0]


def sheet(lines: int = 8) -> Image.Image:
    """A4 at 200 dpi with lines of print of a usual size."""
    image = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(image)
    for row in range(lines):
        text = "Seven small boats left the harbour at dawn and came home late"
        draw.text((120, 400 + 50 * row), text, 0, font("Latn", 32))
    return image


def row(x: int, y: int, letter: float = 10, marks: int = 8, is_light: bool = False) -> LeftRow:
    return LeftRow(Box(x, y, x + 200, y + round(letter)), letter, marks, is_light)


def test_tiny_print_below_usual_print_is_read(engine: Engine) -> None:
    image = sheet()
    ImageDraw.Draw(image).text((120, 2200), TERMS, 60, font("Latn", 9))
    page = read(engine, image)
    assert page.blocks[-1].text == TERMS
    assert page.text.endswith(TERMS)
    assert page.blocks[-1].box.intersection(Box(120, 2200, 320, 2212)).area > 1000
    assert page.coverage is not None
    assert page.coverage > 0.99
    assert page.notes == ()


def test_a_small_light_caption_on_dark_ground_is_read(engine: Engine) -> None:
    image = sheet()
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 1800, 1500, 2200), fill=40)
    draw.text((140, 1900), CAPTION, 255, font("Latn", 10))
    assert CAPTION in read(engine, image).text


def test_scribble_that_nobody_can_read_is_told_of_with_its_place(engine: Engine) -> None:
    image = sheet(26)
    draw = ImageDraw.Draw(image)
    random = np.random.default_rng(1)
    left = 200
    for _ in range(24):
        width = int(random.integers(3, 7))
        across, down = np.sort(random.integers(0, width, 5)), random.integers(0, 6, 5)
        draw.line([(left + int(x), 2000 + int(y)) for x, y in zip(across, down, strict=True)], 0, 2)
        left += width + 3
    page = read(engine, image)
    assert page.text.split() == read(engine, sheet(26)).text.split()
    assert {note.code for note in page.notes} == {"text-left-unread"}
    place = Box.around(note.box for note in page.notes if note.box is not None)
    assert place.intersection(Box(195, 1995, left + 5, 2011)) == place
    assert place.width > (left - 200) / 2
    assert page.coverage is not None
    assert 0.9 < page.coverage < 1


def test_a_page_of_usual_print_is_covered_and_not_looked_at_again(engine: Engine) -> None:
    page = read(engine, sheet())
    assert page.coverage == 1
    assert page.notes == ()


def test_a_blank_page_is_covered(engine: Engine) -> None:
    page = read(engine, Image.new("L", (800, 600), 255))
    assert (page.text, page.coverage, page.notes) == ("", 1, ())


def test_a_picture_with_a_texture_yields_nothing_new(engine: Engine) -> None:
    image = sheet()
    random = np.random.default_rng(3)
    rows, columns = np.mgrid[0:900, 0:1300]
    waves = 128 + 100 * np.sin(columns / 37) * np.cos(rows / 23)
    halftone = np.where(np.sin(columns * 1.1) * np.sin(rows * 1.1) * 128 + 128 > waves, 255, 0)
    rough = random.normal(0, 60, (113, 163)).repeat(8, 0).repeat(8, 1)[:900, :1300]
    photo = np.clip(waves / 2 + 60 + rough, 0, 255)
    before = read(engine, image).text
    for picture in (halftone, photo):
        image.paste(Image.fromarray(picture.astype(np.uint8)), (150, 1100))
        page = read(engine, image)
        assert page.text == before
        assert page.notes == ()


def test_rows_near_one_another_are_looked_at_together() -> None:
    rows = [row(100, 100), row(100, 120), row(100, 400), row(100, 420, is_light=True)]
    together, *others = regions_of(rows, 1000, 1000)
    assert [each.box.y0 for each in together.rows] == [100, 120]
    assert together.box == Box(20, 80, 380, 150)
    assert [len(each.rows) for each in others] == [1, 1]


def test_small_letters_are_looked_at_enlarged_and_large_ones_reduced() -> None:
    (small,) = regions_of([row(100, 100, 8)], 1000, 1000)
    (large,) = regions_of([LeftRow(Box(100, 100, 900, 300), 200, 4)], 1000, 1000)
    assert small.scale == 3
    assert large.scale == pytest.approx(0.12)


def test_what_is_looked_at_again_is_limited_and_those_with_most_marks_come_first() -> None:
    rows = [row(100, 40 * i, letter=6, marks=i + 3) for i in range(40)]
    rows += [row(3000, 40 * i, letter=6, marks=90) for i in range(40)]
    chosen = regions_of(rows, 4000, 2000)
    assert chosen[0].rows[0].marks == 90
    assert 0 < sum(region.pixels for region in chosen) <= MOST_PIXELS
    assert len(chosen) < 80


def test_sure_readings_of_some_letters_are_believed_short_ones_if_surer() -> None:
    assert is_believed(LineReading("See page 44", 0.8), CARD)
    assert not is_believed(LineReading("See page 44", 0.6), CARD)
    assert is_believed(LineReading("Page 4", 0.95), CARD)
    assert not is_believed(LineReading("Page 4", 0.8), CARD)
    assert not is_believed(LineReading("P4", 0.99), CARD)
    assert not is_believed(LineReading("- . - .", 0.99), CARD)


def test_rows_that_nothing_was_read_in_are_lost_unless_they_are_short_and_nobody_saw_a_line() -> None:
    long, short, doubted, was_read = row(0, 100), row(0, 200, marks=3), row(0, 300, marks=3), row(0, 400)
    places = places_unread([long, short, doubted, was_read], [Box(0, 398, 90, 412)], [Box(0, 298, 90, 312)])
    assert places == (long.box, doubted.box)


def test_places_side_by_side_are_one() -> None:
    assert places_unread([row(0, 100), row(225, 101), row(500, 100)], [], []) == (
        Box(0, 100, 425, 111),
        Box(500, 100, 700, 110),
    )


def test_lines_in_which_nothing_was_read_are_lost_unless_another_line_was_read_there() -> None:
    silent, was_read = Box(0, 500, 90, 520), Box(0, 600, 90, 620)
    assert places_unread([], [Box(0, 598, 40, 622)], [], [silent, was_read]) == (silent,)


def test_lines_apart_from_others_touch_none_of_them() -> None:
    near, far = (np.float32([[x, 0], [x + 50, 0], [x + 50, 20], [x, 20]]) for x in (10, 200))
    (only,) = apart_from([near, far], [near + 5], 400, 400)
    assert only is far


@pytest.mark.parametrize("size", [26, 34, 50])
def test_a_lone_word_in_another_script_is_read_or_told_of_with_its_place(engine: Engine, size: int) -> None:
    if "ar" not in engine.card.languages:
        pytest.skip("the model for ar is not installed")
    image = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(image)
    draw.text((120, 120), "tides", 0, font("Latn", size))
    draw.text((1100, 120), "حبيبى", 0, font("Arab", size), anchor="ra")
    (found,) = engine.read([PageImage(np.asarray(image))], Options())
    left = [note.box for note in found.notes if note.code == "text-left-unread"]
    assert "tides" in found.text
    assert "حبيبى" in found.text or (all(box and box.x0 > 900 for box in left) and left)


def test_each_place_has_a_warning_and_many_share_the_last() -> None:
    places = [Box(0, 10 * i, 50, 10 * i + 5) for i in range(30)]
    few = notes_of_unread(places[:2])
    assert [(note.code, note.box) for note in few] == [("text-left-unread", place) for place in places[:2]]
    many = notes_of_unread(places)
    assert len(many) == 10
    assert many[-1].box == Box(0, 90, 50, 295)
    assert "21 more places" in many[-1].message
    assert notes_of_unread([]) == ()


def test_a_row_that_no_line_is_found_in_is_told_of_with_its_place() -> None:
    """An engine's look that finds nothing stands for scribble: what is left is a row without a line."""
    image = Image.new("L", (800, 600), 255)
    ImageDraw.Draw(image).text((100, 100), TERMS, 0, font("Latn", 24))
    grey = np.asarray(image)

    def blind(part: Pixels, scale: float) -> Sequence[Quad]:
        return []

    look = second_look(PagePixels.of(grey), marks_of(grey), [], blind)
    assert look.quads == ()
    first, *_ = notes_of_unread(places_unread(look.rows, [], []))
    assert first.box is not None
    assert first.box.intersection(Box(90, 90, 700, 140)).area == first.box.area


def test_a_stored_page_keeps_the_place_of_its_warning_and_its_coverage() -> None:
    notes = notes_of_unread([Box(1, 2, 3, 4)])
    page = Page(index=0, width=10, height=10, coverage=0.5, notes=notes)
    assert page_from_bytes(stored(page).data) == page
