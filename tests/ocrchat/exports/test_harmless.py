"""What a document says can do no harm in any format."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from lxml import etree

from ocrchat.exports import FORMATS
from ocrchat.exports.clean import cleaned
from ocrchat.exports.md import inert
from tests.ocrchat.exports.documents import block, document, page, table, table_block, written

NASTY = "a\x00b\x1bc \u202egnp.exe\u2066 \ud83d half \ufffe </w:t>]]> <b>x</b> &amp; {{7*7}}"


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.name != "pdf"])
def test_controls_overrides_and_halves_of_letters_leave_no_trace(name: str) -> None:
    cells = table(f"{NASTY} | =1+1")
    data = written(name, document(page(block(NASTY), table_block(cells), tables=(cells,))), title=NASTY)
    for text in _texts(name, data):
        assert not set(text) & set("\x00\x1b\u202e\u2066\ufffe")


@pytest.mark.parametrize("text", ["", "plain", "tab\tand\nline", "नमस्ते\u200d", "\u200fשלום", "👩\u200d🚀"])
def test_what_does_no_harm_is_kept(text: str) -> None:
    assert cleaned(text) == text


def test_other_line_ends_become_line_feeds() -> None:
    assert cleaned("a\r\nb\rc\x0cd\u2028e") == "a\nb\nc\nd\ne"


@pytest.mark.parametrize(
    ("markdown", "safe"),
    [
        ("<script>x</script>", "\\<script>x\\</script>"),
        ("<table><tr><td rowspan='2'>x</td></tr></table>", "<table><tr><td rowspan='2'>x</td></tr></table>"),
        ("<td onclick=x>", "\\<td onclick=x>"),
        ("[x](javascript:alert)", "[x](unsafe:javascript:alert)"),
        ("[x](https://example.org)", "[x](https://example.org)"),
        ("![x](http://example.org/a.png)", "\\![x](http://example.org/a.png)"),
        ("\\<b>", "\\<b>"),
    ],
)
def test_markdown_runs_and_fetches_nothing(markdown: str, safe: str) -> None:
    assert inert(markdown) == safe


def _texts(name: str, data: bytes) -> list[str]:
    """The texts of a file, as whoever opens it gets them."""
    if name in ("docx", "xlsx"):
        package = zipfile.ZipFile(io.BytesIO(data))
        return ["".join(etree.fromstring(package.read(each)).itertext()) for each in package.namelist()]
    if name == "alto":
        return [value for each in etree.fromstring(data).iter() for value in each.attrib.values()]
    if name == "json":
        json.loads(data)
    return [data.decode()]
