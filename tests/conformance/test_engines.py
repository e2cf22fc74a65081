"""What every engine promises, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ocrchat.engines import ENGINES, Engine, build_engine
from ocrchat.engines.scripted import scripted_page
from ocrchat.model import Box, PageImage
from ocrchat.options import Options
from tests.drawing import printed_page

LINES = ("Reading order", "Total: 215.00 USD")


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each engine of the registry, built once."""
    built = build_engine(request.param, threads=1)
    yield built
    built.close()


@pytest.fixture
def image(engine: Engine) -> PageImage:
    """A page that this engine reads as LINES."""
    if engine.card.name == "scripted":
        return PageImage(scripted_page("\n".join(LINES)))
    return PageImage(np.asarray(printed_page(LINES)))


def _boxes(engine: Engine, image: PageImage) -> list[tuple[Box, float]]:
    (page,) = engine.read([image], Options(languages=("en",)))
    lines = [line for block in page.blocks for line in block.lines]
    words = [word for line in lines for word in line.words]
    return [(each.box, each.confidence) for each in (*page.blocks, *lines, *words)]


def test_the_text_is_read_line_by_line(engine: Engine, image: PageImage) -> None:
    (page,) = engine.read([image], Options(languages=("en",)))
    lines = [line.text for block in page.blocks for line in block.lines]
    assert lines == list(LINES)
    assert page.text.split() == " ".join(LINES).split()


def test_boxes_lie_on_the_page_and_confidences_between_0_and_1(engine: Engine, image: PageImage) -> None:
    found = _boxes(engine, image)
    assert found
    for box, confidence in found:
        assert 0 <= box.x0 < box.x1 <= image.width
        assert 0 <= box.y0 < box.y1 <= image.height
        assert 0 <= confidence <= 1


def test_words_join_to_their_line(engine: Engine, image: PageImage) -> None:
    (page,) = engine.read([image], Options(languages=("en",)))
    for block in page.blocks:
        for line in block.lines:
            assert " ".join(word.text for word in line.words) == line.text


def test_a_page_knows_its_size_and_its_place(engine: Engine, image: PageImage) -> None:
    blank = PageImage(np.full((300, 200), 255, np.uint8), dpi=200.0)
    first, second = engine.read([blank, image], Options(languages=("en",)))
    assert (first.index, first.width, first.height, first.dpi) == (0, 200, 300, 200.0)
    assert (second.index, second.width, second.height) == (1, image.width, image.height)


@pytest.mark.parametrize("shape", [(300, 200), (300, 200, 3), (1, 1), (2, 3000), (3000, 2, 3)])
def test_a_blank_page_has_no_blocks(engine: Engine, shape: tuple[int, ...]) -> None:
    (page,) = engine.read([PageImage(np.full(shape, 255, np.uint8))], Options())
    assert page.blocks == ()
    assert page.text == page.markdown == ""
    assert page.confidence == 0


def test_the_same_page_reads_the_same_alone_and_among_others(engine: Engine, image: PageImage) -> None:
    options = Options(languages=("en",))
    (alone,) = engine.read([image], options)
    other = PageImage(np.full((500, 500, 3), 128, np.uint8))
    _, among, _ = engine.read([other, image, other], options)
    assert among.blocks == alone.blocks
    assert among.text == alone.text


def test_the_image_is_not_written_into(engine: Engine, image: PageImage) -> None:
    before = image.pixels.copy()
    image.pixels.flags.writeable = False
    engine.read([image], Options(languages=("en",)))
    assert (image.pixels == before).all()


def test_the_card_names_the_engine_and_what_it_reads(engine: Engine) -> None:
    card = engine.card
    assert card.name in ENGINES
    assert card.version
    assert {"en", "de", "zh", "ja"} <= card.languages
    assert card == engine.card
