"""Documents written down."""

from __future__ import annotations

import json

import pytest

from ocrchat.errors import UnknownOption
from ocrchat.exports import format_named
from ocrchat.model import Box, Document, EngineStamp, Note, Page
from tests.ocrchat.exports.documents import written

DOCUMENT = Document(
    (
        Page(0, 10, 10, text="first\npage", markdown="# first\n\npage"),
        Page(1, 10, 10, text="", error="damaged"),
    ),
    EngineStamp("scripted", "1"),
    (Note("page_failed", "damaged", 1),),
)


def test_text_has_a_form_feed_between_pages() -> None:
    assert written("txt", DOCUMENT) == b"first\npage\n\f\n"


def test_markdown_is_the_documents() -> None:
    assert written("md", DOCUMENT) == b"# first\n\npage\n"


def test_json_holds_every_page_and_warning() -> None:
    found = json.loads(written("json", DOCUMENT))
    assert [page["index"] for page in found["pages"]] == [0, 1]
    assert found["pages"][1]["error"] == "damaged"
    assert found["warnings"] == [{"code": "page_failed", "message": "damaged", "page": 1}]
    assert found["engine"]["name"] == "scripted"


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UnknownOption, match="txt, md, html, docx"):
        format_named("exe")


def test_a_box_around_others_holds_them() -> None:
    around = Box.around([Box(1, 2, 3, 4), Box(0, 3, 2, 9)])
    assert around == Box(0, 2, 3, 9)
    assert around.clipped(2, 5) == Box(0, 2, 2, 5)
