"""Headings of a document are ranked among all of its pages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocrchat.model import Block, BlockType, Box, Document, Line, Page, Source
from ocrchat.model.heading_levels import levels_of
from ocrchat.model.running import with_running


def _heading(text: str, height: int, y: int, level: int) -> Block:
    box = Box(100, y, 600, y + height)
    return Block(text, box, 1.0, BlockType.HEADING, level, (Line(text, box, 1.0),))


def _page(index: int, *headings: Block) -> Page:
    rest = f"What page {index} says."
    texts = [f"{'#' * (block.level or 1)} {block.text}" for block in headings]
    return Page(
        index=index,
        width=1000,
        height=1400,
        text="\n\n".join([*(block.text for block in headings), rest]),
        markdown="\n\n".join([*texts, rest]),
        blocks=(*headings, Block(rest, Box(100, 900, 900, 930), 1.0)),
        dpi=200.0,
        source=Source.TEXT_LAYER,
    )


BOOK = (
    _page(0, _heading("The title", 80, 200, 1), _heading("The first chapter", 50, 500, 2)),
    _page(1, _heading("A part of it", 38, 200, 1)),
    _page(2, _heading("Another part", 39, 300, 1)),
    _page(3, _heading("The next chapter", 51, 200, 1), _heading("A part of that", 38, 600, 2)),
)


def test_a_heading_has_the_level_that_its_size_has_in_the_document() -> None:
    levels = [[block.level for block in page.blocks[:-1]] for page in with_running(BOOK)]
    assert levels == [[1, 2], [3], [3], [2, 3]]


def test_markdown_of_the_document_and_of_its_pages_have_these_levels() -> None:
    pages = with_running(BOOK)
    assert pages[1].markdown == "### A part of it\n\nWhat page 1 says."
    heads = [line for line in Document(BOOK).markdown.split("\n") if line.startswith("#")]
    assert heads == [
        "# The title",
        "## The first chapter",
        "### A part of it",
        "### Another part",
        "## The next chapter",
        "### A part of that",
    ]
    assert Document(pages).markdown == Document(BOOK).markdown


def test_pages_that_were_read_from_pictures_keep_their_levels() -> None:
    scans = [replace(page, source=Source.CPU) for page in BOOK]
    assert with_running(scans) == tuple(scans)


def test_a_heading_that_all_pages_repeat_is_a_header_and_has_no_rank() -> None:
    pages = [
        replace(page, index=index, blocks=(_heading("My book", 90, 40, 1), *page.blocks))
        for index, page in enumerate([*BOOK, *BOOK])
    ]
    typed = with_running(pages)
    assert {page.blocks[0].type for page in typed} == {BlockType.HEADER}
    assert [page.blocks[1].level for page in typed] == [1, 3, 3, 2] * 2


def test_sizes_that_are_about_the_same_are_one_level() -> None:
    assert levels_of({24.0: 1, 18.25: 2, 18.0: 9, 17.5: 3, 14.0: 4, 12.0: 1}) == {
        24.0: 1,
        18.25: 2,
        18.0: 2,
        17.5: 2,
        14.0: 3,
        12.0: 4,
    }


@pytest.mark.parametrize("count", [0, 1, 9])
def test_levels_end_at_the_sixth(count: int) -> None:
    sizes = {100.0 * 0.8**place: 1 for place in range(count)}
    assert list(levels_of(sizes).values()) == [min(6, place + 1) for place in range(count)]
