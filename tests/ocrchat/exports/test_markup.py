"""HTML, hOCR and ALTO, parsed again."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from lxml import etree, html

from ocrchat.model import Block, Box, Line, Word
from ocrchat.model.document import BlockType
from tests.ocrchat.exports.documents import (
    block,
    document,
    line,
    page,
    sample,
    table,
    table_block,
    written,
)

_ALTO = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
_BBOX = re.compile(r"bbox (\d+) (\d+) (\d+) (\d+)")


def test_a_web_page_has_the_documents_structure() -> None:
    tree = html.document_fromstring(written("html", sample()).decode())
    assert tree.xpath("string(//h1)") == "Offer"
    assert tree.xpath("//section/p[1]")[0].text == "These goods are sent to you as you have ordered them."
    assert tree.xpath("//ul/li/ul/li")[0].text == "two"
    assert [cell.get("rowspan") for cell in tree.xpath("//thead//th")] == [None, None, "2"]
    assert tree.xpath("//p[@dir='rtl']")[0].text == "مرحبا بالعالم"
    assert tree.xpath("//a/@href") == ["https://example.org/a?b=1&c=2"]


def test_a_web_page_runs_and_fetches_nothing() -> None:
    bad = document(
        page(block("<script>alert(1)</script> <img src=http://x/y onerror=z>", link="javascript:alert(1)"))
    )
    data = written("html", bad).decode()
    tree = html.document_fromstring(data)
    assert not tree.xpath("//script | //img | //iframe | //a | //*[@onerror]")
    assert "default-src 'none'" in data
    assert "<script>alert(1)</script>" in tree.text_content()


def test_hocr_has_each_line_and_word_inside_its_page() -> None:
    tree = html.document_fromstring(written("hocr", sample()))
    pages = tree.find_class("ocr_page")
    assert [_bbox(each) for each in pages] == [(0, 0, 1654, 2339)] * 2
    for name in ("ocr_line", "ocrx_word"):
        for each in tree.find_class(name):
            x0, y0, x1, y1 = _bbox(each)
            px0, py0, px1, py1 = _bbox(each.getparent())
            assert px0 <= x0 < x1 <= px1
            assert py0 <= y0 < y1 <= py1
    lines = [" ".join(each.text_content().split()) for each in tree.find_class("ocr_line")]
    assert lines[:3] == ["Offer", "These goods are sent to you as", "you have ordered them."]
    stated = set(tree.xpath("//meta[@name='ocr-capabilities']/@content")[0].split())
    used = {
        name for each in tree.iter() for name in (each.get("class") or "").split() if name.startswith("ocr")
    }
    assert used <= stated


def test_public_tools_read_our_hocr_and_find_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "sample.hocr"
    file.write_bytes(written("hocr", sample()))
    assert "Document is valid" in _told("hocr-spec", file)
    assert _told("hocr-lines", file).splitlines() == [
        "Offer",
        "These goods are sent to you as",
        "you have ordered them.",
        "• one",
        "• two",
        "strong",
        *("Item", "Price", "Note", "Pens", "1.234,56", "Sum", "ok"),
        "مرحبا بالعالم",
    ]


def test_letters_without_spaces_between_them_have_none_in_hocr_and_alto() -> None:
    text = "ไทย ดี"
    box = Box(100, 100, 400, 140)
    letters = tuple(Word(each, box, 0.9) for each in text if each != " ")
    read = document(page(Block(text, box, 0.9, lines=(Line(text, box, 0.9, letters),))))
    (found,) = html.document_fromstring(written("hocr", read)).find_class("ocr_line")
    assert found.text_content() == text
    (found,) = etree.fromstring(written("alto", read)).iter("{*}TextLine")
    assert "".join(each.get("CONTENT", " ") for each in found) == text


def test_public_tools_find_each_line_in_its_page(tmp_path: Path) -> None:
    file = tmp_path / "plain.hocr"
    above, below = block("one line", "another"), block("below", y=400)  # it lays all pages on one another
    file.write_bytes(written("hocr", document(page(above, below), page(block("next", y=900), index=1))))
    found = _told("hocr-check", file).splitlines()
    assert len(found) > 12
    assert [each for each in found if not each.startswith("ok ")] == []


def test_names_in_hocr_and_alto_are_given_once() -> None:
    for name, kind in (("hocr", "id"), ("alto", "ID")):
        tree = etree.fromstring(written(name, sample()))
        names = [each.get(kind) for each in tree.iter() if each.get(kind)]
        assert len(names) == len(set(names))


def test_alto_has_the_words_the_tables_and_what_they_are() -> None:
    tree = etree.fromstring(written("alto", sample()))
    strings = tree.xpath("//a:String/@CONTENT", namespaces=_ALTO)
    assert strings[:4] == ["Offer", "These", "goods", "are"]
    assert len(tree.xpath("//a:ComposedBlock[@TYPE='table']/a:TextBlock", namespaces=_ALTO)) == 7
    for each in tree.xpath("//*[@TAGREFS]"):
        assert tree.xpath("//a:LayoutTag[@ID=$name]", name=each.get("TAGREFS"), namespaces=_ALTO)


def test_alto_has_each_line_of_a_table_in_its_cell_with_the_words_as_they_were_read() -> None:
    grid = table("Pens | 5", "Ink | 7")
    lines = [line("Ink", 100, 300), line("7", 400, 300), line("Pens", 100, 200), line("5", 400, 200)]
    cells = tuple(
        replace(cell, box=next(each.box for each in lines if each.text == cell.text)) for cell in grid.cells
    )
    held = replace(table_block(grid), lines=tuple(lines))
    tree = etree.fromstring(written("alto", document(page(held, tables=(replace(grid, cells=cells),)))))
    cells_found = tree.xpath("//a:ComposedBlock/a:TextBlock", namespaces=_ALTO)
    assert [each.xpath("string(.//a:String/@CONTENT)", namespaces=_ALTO) for each in cells_found] == [
        "Pens",
        "5",
        "Ink",
        "7",
    ]
    assert {each.get("WC") for each in tree.iter("{*}String")} == {"0.9"}
    assert [each.get("VPOS") for each in tree.iter("{*}String")] == ["200", "200", "300", "300"]


def test_alto_keeps_to_its_grammar() -> None:
    grammar = etree.RelaxNG(file=Path(__file__).with_name("alto.rng"))
    bad = document(page(block("a < b & c\x00\x1b\ud800 ￿", kind=BlockType.FIGURE), block("", " ")))
    for each in (sample(), bad, document(page())):
        assert grammar.validate(etree.fromstring(written("alto", each))), grammar.error_log


def test_a_word_that_a_line_broke_is_whole_where_the_document_has_it() -> None:
    broken = block("We saw lasting ef-", "fects of rain, a st-", "udy of its parts")
    both = document(page(broken), page(block("All effects are listed."), index=1))
    text = html.fromstring(written("html", both)).text_content()
    assert "We saw lasting effects of rain, a st- udy of its parts" in text  # no study elsewhere


def _told(program: str, file: Path) -> str:
    """What a program of the field says of a file; it must take it."""
    tool = Path(sys.executable).with_name(program)
    done = subprocess.run([tool, file], check=True, capture_output=True, text=True)
    return done.stdout + done.stderr


def _bbox(element: etree._Element) -> tuple[int, int, int, int]:
    found = _BBOX.search(element.get("title", ""))
    assert found
    x0, y0, x1, y1 = map(int, found.groups())
    return x0, y0, x1, y1
