"""Pages that lie on their side or on their head."""

from __future__ import annotations

import numpy as np
import pytest

from ocrchat.engines import Engine
from ocrchat.engines.cpu.orientation import Evidence
from ocrchat.imaging.turn import turned_back
from ocrchat.model import PageImage
from ocrchat.options import Options
from tests.drawing import printed_page

LINES = [
    "Minutes of the meeting",
    "The members were present.",
    "They agreed on the budget.",
    "It ended at noon.",
]


def _turned(rotation: int) -> PageImage:
    """A printed page, turned clockwise by so many degrees."""
    return PageImage(np.ascontiguousarray(np.rot90(np.asarray(printed_page(LINES)), -rotation // 90)))


GOODS = [
    "Market hall, 5 Long Street",
    "Vegetables 0.99",
    "Given 5.00",
    "Change 4.01",
    "Thank you, come again",
]
ROWS = [row for text in GOODS for row in ("*" * 40, text)]


@pytest.mark.parametrize("languages", [(), ("en",)], ids=["auto", "given"])
def test_a_receipt_is_turned_by_its_text_whatever_its_longest_rows_are(
    engine: Engine, languages: tuple[str, ...]
) -> None:
    lying = PageImage(np.ascontiguousarray(np.rot90(np.asarray(printed_page(ROWS)))))
    (page,) = engine.read([lying], Options(languages=languages))
    assert page.rotation == 270
    assert page.script == "Latn"
    assert "Market hall, 5 Long Street" in page.text


@pytest.mark.parametrize("languages", [(), ("en",)], ids=["auto", "given"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_page_is_read_upright(engine: Engine, rotation: int, languages: tuple[str, ...]) -> None:
    (page,) = engine.read([_turned(rotation)], Options(languages=languages))
    assert page.rotation == rotation
    assert page.text.split() == " ".join(LINES).split()
    upright = _turned(0)
    assert (page.width, page.height) == (upright.width, upright.height)
    first = page.blocks[0].box
    assert (first.x0, first.y0) < (upright.width // 2, upright.height // 2)


def test_a_page_with_hardly_any_letters_is_left_as_it_is(engine: Engine) -> None:
    page = PageImage(np.ascontiguousarray(np.rot90(np.asarray(printed_page(["No. 96 - 69"])), 2)))
    assert engine.read([page], Options())[0].rotation == 0


def test_one_sign_alone_turns_no_page() -> None:
    doubtful = Evidence((0.5, 0.5, 0.5, 0.5), (10, 10, 10, 10), is_han=False)
    one_long_line = Evidence((1.0, 0.4, 0.4, 0.4), (90, 5, 5, 5), is_han=False)
    assert one_long_line.sureness > doubtful.sureness + 0.15
    assert not one_long_line.is_right_beside(doubtful)
    assert Evidence((1.0, 1.0, 1.0, 0.4), (10, 10, 10, 10), is_han=False).is_right_beside(doubtful)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turning_back_undoes_a_turn(rotation: int) -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    turned = PageImage(np.rot90(pixels, -rotation // 90))
    assert (turned_back(turned, rotation).pixels == pixels).all()
