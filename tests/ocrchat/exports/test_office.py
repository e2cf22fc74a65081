"""Word and spreadsheet files, opened by LibreOffice and by the field's libraries."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree

from ocrchat.exports.reading import Picture
from ocrchat.model import Block, Box, Document, Page
from ocrchat.model.document import BlockType
from tests.ocrchat.exports.documents import block, document, page, sample, table, table_block, written
from tests.ocrchat.exports.office import converted

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_libreoffice_gives_back_the_text_of_a_word_file(tmp_path: Path) -> None:
    text = converted(written("docx", sample()), "docx", "txt:Text (encoded):UTF8", tmp_path).decode(
        "utf-8-sig"
    )
    words = text.split()
    for expected in ("Offer", "These goods are sent to you as you have ordered them.", "مرحبا بالعالم"):
        assert " ".join(words).count(expected) == 1
    assert [words.index(each) for each in ("Offer", "one", "two", "Item", "Pens", "Sum")] == sorted(
        words.index(each) for each in ("Offer", "one", "two", "Item", "Pens", "Sum")
    )


def test_a_word_file_has_headings_lists_and_a_page_for_a_page() -> None:
    opened = docx.Document(io.BytesIO(written("docx", sample())))
    styles = [paragraph.style.name for paragraph in opened.paragraphs if paragraph.text]
    assert styles[0] == "Heading 1"
    assert [style for style in styles if "List" in style] == ["List Paragraph"] * 2
    breaks = opened.element.xpath("//w:pageBreakBefore | //w:br[@w:type='page']")
    assert len(breaks) == 1


def test_a_word_file_joins_what_a_line_broke_where_the_document_has_it_whole() -> None:
    broken = block("We saw lasting ef-", "fects of the rain")
    both = document(page(broken), page(block("All effects are listed."), index=1))
    assert "We saw lasting effects of the rain" in _raw(written("docx", both), "word/document.xml")


def test_a_word_table_keeps_its_spans() -> None:
    (found,) = docx.Document(io.BytesIO(written("docx", sample()))).tables
    assert [[cell.text for cell in row.cells] for row in found.rows] == [
        ["Item", "Price", "Note"],
        ["Pens", "1.234,56", "Note"],
        ["Sum", "Sum", "ok"],
    ]


def test_words_keep_their_weight_and_their_link() -> None:
    data = written("docx", sample())
    body = _part(data, "word/document.xml")
    (run,) = [run for run in body.iter(f"{_W}r") if "".join(run.itertext()) == "strong"]
    assert run.find(f"{_W}rPr/{_W}b") is not None
    assert "https://example.org/a?b=1&amp;c=2" in _raw(data, "word/_rels/document.xml.rels")


def test_a_paragraph_in_arabic_runs_to_the_left() -> None:
    body = _part(written("docx", sample()), "word/document.xml")
    leftward = [
        "".join(paragraph.itertext())
        for paragraph in body.iter(f"{_W}p")
        if paragraph.find(f"{_W}pPr/{_W}bidi") is not None
    ]
    assert leftward == ["مرحبا بالعالم"]


def test_a_figure_is_a_picture_of_its_place() -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010800000000003a7e9b55"
        "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
    )
    box = Box(100, 100, 300, 200)
    asked = []

    def cut(page: Page, place: Box) -> Picture | None:
        asked.append(place)
        return Picture(pixel, "image/png", 1, 1)

    data = written("docx", document(page(Block("", box, 0.0, BlockType.FIGURE))), cut=cut)
    assert asked == [box]
    assert pixel in [zipfile.ZipFile(io.BytesIO(data)).read(name) for name in _names(data) if "media" in name]


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_nothing_in_an_office_file_is_run_or_fetched(ending: str) -> None:
    cell = table('=HYPERLINK("http://x") | =1+1', "@SUM(A1) | +2")
    bad = document(page(block("=cmd|' /C calc'!A0"), table_block(cell), tables=(cell,)))
    data = written(ending, bad)
    for name in _names(data):
        text = _raw(data, name)
        assert "vbaProject" not in name
        assert not any(mark in text for mark in ("<f>", "w:fldSimple", "w:instrText", "oleObject"))


def test_numbers_are_numbers_in_a_workbook_and_the_rest_is_text(tmp_path: Path) -> None:
    rows = table(
        "Datum | Betrag | Nr.", "1.2.2024 | 1.234,56 | 0042", "2.2.2024 | -7,5 % | =1+1", header_rows=1
    )
    one = document(page(table_block(rows), tables=(rows,), language="de"))
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", one))).active
    assert sheet is not None
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values == [
        ["Datum", "Betrag", "Nr."],
        ["1.2.2024", 1234.56, "0042"],
        ["2.2.2024", -0.075, "=1+1"],
    ]
    assert sheet["C3"].data_type == "s"
    again = converted(written("xlsx", one), "xlsx", "csv", tmp_path).decode()
    assert "=1+1" in again


def test_a_workbook_has_a_sheet_a_table_and_merges_its_spans() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", sample())))
    assert book.sheetnames == ["Table 1, page 1"]
    assert sorted(map(str, book.active.merged_cells.ranges)) == ["A3:B3", "C1:C2"]  # type: ignore[union-attr]


def test_without_tables_a_workbook_has_the_lines() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", document(page(block("one", "two"))))))
    assert [[cell.value for cell in row] for row in book["Lines"].iter_rows()] == [
        ["page", "block", "text"],
        [1, 1, "one"],
        [1, 1, "two"],
    ]


def test_an_empty_document_is_a_file_that_opens(tmp_path: Path) -> None:
    empty = Document((Page(0, 10, 10, error="damaged"),))
    assert "could not be read" in converted(written("docx", empty), "docx", "txt:Text", tmp_path).decode()
    assert openpyxl.load_workbook(io.BytesIO(written("xlsx", empty))).sheetnames == ["Lines"]


def _names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def _raw(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode("utf-8", "replace")


def _part(data: bytes, name: str) -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))
