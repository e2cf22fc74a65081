"""Documents written down."""

from __future__ import annotations

import json

import pytest

from ocrchat.errors import UnknownOption
from ocrchat.exports import FORMATS, Format, format_named
from ocrchat.model import Box, Document, EngineStamp, Note, Page

DOCUMENT = Document(
    (
        Page(0, 10, 10, text="first\npage", markdown="# first\n\npage"),
        Page(1, 10, 10, text="", error="damaged"),
    ),
    EngineStamp("scripted", "1"),
    (Note("page_failed", "damaged", 1),),
)


def test_text_has_a_form_feed_between_pages() -> None:
    assert format_named("txt").written(DOCUMENT) == b"first\npage\n\f\n"


def test_markdown_is_the_documents() -> None:
    assert format_named("md").written(DOCUMENT) == b"# first\n\npage\n"


def test_json_holds_every_page_and_warning() -> None:
    written = json.loads(format_named("json").written(DOCUMENT))
    assert [page["index"] for page in written["pages"]] == [0, 1]
    assert written["pages"][1]["error"] == "damaged"
    assert written["warnings"] == [{"code": "page_failed", "message": "damaged", "page": 1}]
    assert written["engine"]["name"] == "scripted"


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_no_text_breaks_a_format(form: Format) -> None:
    strange = "\x00\x1b[31m\u202eevil\ud800 =cmd|' /C calc'!A0 <script>"
    written = form.written(Document((Page(0, 1, 1, text=strange, markdown=strange),)))
    assert "evil?" in written.decode("utf-8")


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UnknownOption, match="txt, md, json"):
        format_named("exe")


def test_a_box_around_others_holds_them() -> None:
    around = Box.around([Box(1, 2, 3, 4), Box(0, 3, 2, 9)])
    assert around == Box(0, 2, 3, 9)
    assert around.clipped(2, 5) == Box(0, 2, 2, 5)
