"""What a document says can do no harm in any format."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree, html

from ocrchat.exports import FORMATS
from ocrchat.exports.clean import cleaned
from ocrchat.exports.md import inert
from ocrchat.model import BlockType
from tests.ocrchat.exports.documents import block, document, page, table, table_block, written

NASTY = "a\x00b\x1bc \u202egnp.exe\u2066 \ud83d half \ufffe </w:t>]]> <b>x</b> &amp; {{7*7}}"


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.name != "pdf"])
def test_controls_overrides_and_halves_of_letters_leave_no_trace(name: str) -> None:
    cells = table(f"{NASTY} | =1+1")
    data = written(name, document(page(block(NASTY), table_block(cells), tables=(cells,))), title=NASTY)
    for text in _texts(name, data):
        assert not set(text) & set("\x00\x1b\u202e\u2066\ufffe")


@pytest.mark.parametrize("name", [each.name for each in FORMATS if each.name != "pdf"])
def test_no_text_becomes_markup_a_script_a_formula_or_a_link_that_runs(name: str) -> None:
    """The text is everywhere: in the title, a heading, a list, a link, a cell, a caption, an error."""
    evil = (
        "</title></script></text:p>]]>--><script>alert(1)</script><img src=x onerror=alert(1)>"
        '" onload="alert(1) \\ {{7*7}} ${7*7} =HYPERLINK("http://x")'
    )
    cells = table(f"{evil} | =cmd' /C calc'!A0", "@SUM(1) | x;=1+1", header_rows=1)
    blocks = (
        block(evil, kind=BlockType.HEADING, level=1),
        block(evil, kind=BlockType.LIST, y=200),
        block(evil, link="javascript:alert(1)", y=300),
        block(evil, kind=BlockType.CAPTION, y=400),
        block(evil, kind=BlockType.FIGURE, y=500),
        table_block(cells),
    )
    broken = replace(page(index=1), error=evil)
    data = written(name, document(page(*blocks, tables=(cells,)), broken), title=evil)
    _assert_runs_nothing(name, data)


def _assert_runs_nothing(name: str, data: bytes) -> None:
    if name in ("html", "hocr"):
        tree = html.document_fromstring(data)
        assert not tree.xpath(
            "//script | //iframe | //object | //form | //img | //a | //@onload | //@onerror"
        )
    elif name == "alto":
        assert etree.RelaxNG(file=Path(__file__).with_name("alto.rng")).validate(etree.fromstring(data))
    elif name in ("docx", "xlsx"):
        _assert_package_runs_nothing(data)
    elif name == "csv":
        for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            for part in re.split("[;\n\t]", "\n".join(row)):
                assert part.strip(' "')[:1] not in tuple("=+-@")
    elif name == "md":
        assert not re.search(r"(?<!\\)<(?!/?(table|tr|td|th|thead|tbody|br)\b)[a-z/!]", data.decode(), re.I)
        assert "](javascript" not in data.decode()
    elif name == "json":
        assert json.loads(data)["title"].startswith("</title>")


def _assert_package_runs_nothing(data: bytes) -> None:
    package = zipfile.ZipFile(io.BytesIO(data))
    for each in package.namelist():
        assert not re.search("vbaProject|embeddings|activeX|externalLinks", each)
        tree = etree.fromstring(package.read(each))
        names = {str(element.tag).rpartition("}")[2] for element in tree.iter()}
        assert not names & {"f", "fldSimple", "instrText", "object", "altChunk", "hyperlink", "script", "img"}
        assert not [element for element in tree.iter() if element.get("TargetMode") == "External"]


def test_a_title_cannot_add_properties_to_the_pages_of_hocr() -> None:
    data = written("hocr", document(page(block("x"))), title='a"; bbox 0 0 1 1; image "b\\')
    (found,) = html.document_fromstring(data).find_class("ocr_page")
    assert re.findall('"[^"]*"', found.get("title")) == ["\"a'; bbox 0 0 1 1; image 'b_\""]


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
