"""Pages as data and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocrchat.model import Block, BlockType, Box, Cell, Document, Line, Note, Page, Source, Table, Word
from ocrchat.model.codec import (
    document_as_plain,
    page_as_plain,
    page_as_stored,
    page_from_bytes,
    page_from_stored,
    stored,
)
from ocrchat.model.packed import packed_line, unpacked_line

texts = st.text(max_size=20)
boxes = st.builds(Box, *[st.integers(0, 5000)] * 4)
scores = st.floats(0, 1)
links = st.none() | texts.filter(bool)
words = st.builds(Word, texts, boxes, scores, st.booleans(), st.booleans(), links)
lines = st.builds(Line, texts, boxes, scores, st.lists(words, max_size=3).map(tuple), st.booleans())
blocks = st.builds(
    Block,
    texts,
    boxes,
    scores,
    st.sampled_from(BlockType),
    st.none() | st.integers(1, 6),
    st.lists(lines, max_size=3).map(tuple),
    st.none() | st.integers(0, 2),
)
cells = st.lists(st.builds(Cell, texts, boxes, st.integers(0, 3), st.integers(0, 3)), max_size=4).map(
    lambda found: tuple(sorted(found, key=lambda cell: cell.row))
)
pages = st.builds(
    Page,
    index=st.integers(0, 2000),
    width=st.integers(0, 9999),
    height=st.integers(0, 9999),
    text=texts,
    markdown=texts,
    blocks=st.lists(blocks, max_size=3).map(tuple),
    tables=st.lists(st.builds(Table, boxes, cells, texts, st.integers(0, 2)), max_size=2).map(tuple),
    confidence=scores,
    dpi=st.none() | st.floats(1, 600),
    source=st.sampled_from(Source),
    error=st.none() | texts,
    notes=st.lists(st.builds(Note, texts, texts, st.none() | st.integers(1, 9)), max_size=2).map(tuple),
)


@given(pages)
def test_a_stored_page_is_made_again_as_it_was(page: Page) -> None:
    assert page_from_stored(json.loads(json.dumps(page_as_stored(page)))) == page


@given(pages)
def test_what_is_stored_has_the_page_without_its_lines_in_front(page: Page) -> None:
    kept = stored(page)
    front = page_from_stored(json.loads(kept.data[: kept.outline] + b"}"))
    blocks = tuple(
        block if block.type is BlockType.HEADING else replace(block, lines=()) for block in page.blocks
    )
    assert front == replace(page_from_bytes(kept.data), blocks=blocks)
    assert page_from_bytes(kept.data) == page


def test_a_page_that_an_earlier_version_stored_is_read() -> None:
    word = Word("a", Box(0, 0, 5, 5), 0.5, bold=True)
    block = Block("a", Box(0, 0, 5, 5), 0.5, lines=(Line("a", Box(0, 0, 5, 5), 0.5, (word,), True),))
    page = Page(0, 10, 10, text="a", markdown="a", blocks=(block,), confidence=0.5)
    assert page_from_stored(page_as_plain(page, words=True) | {"notes": []}) == page


@given(lines)
def test_a_line_is_packed_and_unpacked(line: Line) -> None:
    assert unpacked_line(json.loads(json.dumps(packed_line(line)))) == line


def test_a_line_whose_words_have_not_each_a_place_is_refused() -> None:
    packed = packed_line(Line("two words", Box(0, 0, 5, 5), 1.0, (Word("two words", Box(0, 0, 5, 5), 1.0),)))
    for broken in ([*packed[:5], [0, 0, 5], *packed[6:]], [*packed[:6], [1.0, 1.0], *packed[7:]]):
        with pytest.raises(ValueError, match="place"):
            unpacked_line(broken)


def test_words_that_their_line_tells_are_packed_once() -> None:
    word = Word("one", Box(0, 0, 5, 5), 1.0)
    line = Line("one one", Box(0, 0, 5, 5), 1.0, (word, word))
    assert packed_line(line)[4:] == [None, [0, 0, 5, 5] * 2, 1.0, None]


def test_lines_and_words_are_left_out_unless_asked_for() -> None:
    line = Line("a", Box(0, 0, 5, 5), 1.0, (Word("a", Box(0, 0, 5, 5), 1.0),))
    page = Page(0, 10, 10, blocks=(Block("a", Box(0, 0, 5, 5), 1.0, lines=(line,)),))
    assert "lines" not in page_as_plain(page, words=False)["blocks"][0]
    assert page_as_plain(page, words=True)["blocks"][0]["lines"][0]["words"][0]["bbox"] == [0, 0, 5, 5]


def test_the_mean_confidence_is_over_characters() -> None:
    pages = Page(0, 1, 1, text="aaa", confidence=1.0), Page(1, 1, 1, text="b", confidence=0.6), Page(2, 1, 1)
    assert abs(document_as_plain(Document(pages))["mean_confidence"] - 0.9) < 1e-9
    assert Document(()).mean_confidence == 0


def test_the_most_frequent_language_comes_first() -> None:
    pages = tuple(Page(index, 1, 1, language=code) for index, code in enumerate(["fr", "de", "de", None]))
    assert Document(pages).detected_languages == ("de", "fr")
