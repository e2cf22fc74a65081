"""Pages of one endless word or sign are laid out, joined and written; a pattern that goes back hangs here."""

from __future__ import annotations

import io

import numpy as np
import pytest

from ocrchat.exports import format_named, reading_of
from ocrchat.exports.reading import no_picture
from ocrchat.layout.arrangement import Piece, arranged
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Box, Document, Line, Page, Word

LETTERS = 200_000
"""So many that a pattern which tries every beginning and every end of a word takes an hour."""


@pytest.mark.parametrize(
    "unit", ["x", "x-", "1", "-", "é", "<", "[](", "&", ".", "(1) ", "x:", "a.b@c", "&#"]
)
def test_an_endless_word_is_laid_out_joined_and_written(unit: str) -> None:
    text = unit * (LETTERS // len(unit))
    box = Box(0, 0, 1000, 30)
    corners = np.array([[0, 0], [1000, 0], [1000, 30], [0, 30]], np.float32)
    piece = Piece(corners, Line(text, box, 0.9, (Word(text, box, 0.9),)))
    found = arranged([piece], Flow.LEFT_TO_RIGHT, spaced=True)
    page = Page(0, 1000, 1000, found.text, found.markdown, found.blocks, confidence=0.9)
    document = Document((page, page))
    assert text.strip() in document.text
    assert len(document.markdown) >= len(text.strip())
    for name in ("txt", "md", "html", "csv", "xlsx", "docx", "json", "hocr", "alto"):
        with io.BytesIO() as file:
            format_named(name).write(reading_of(document, "title", no_picture), file)
            assert file.tell()
