"""A font's map may say other letters than its encoding draws; where it tells, they are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ocrchat.sources.pdf_fonts import Fonts, renamed_by

LIE = b"1 beginbfchar <31> <0039> endbfchar"
ONES = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array([1, Name.one]))


@pytest.fixture
def pdf() -> Iterator[pikepdf.Pdf]:
    """An empty document."""
    with pikepdf.new() as made:
        yield made


def _font(pdf: pikepdf.Pdf, said: bytes = LIE, **entries: Any) -> pikepdf.Dictionary:
    plain = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica}
    return Dictionary(**(plain | entries), ToUnicode=pdf.make_stream(said))


@pytest.mark.parametrize(
    ("said", "renamed"),
    [
        (LIE, "9"),
        (b"1 beginbfchar <31> <0031> endbfchar", ""),
        (b"1 beginbfchar <61> <0041> endbfchar", ""),  # small capitals
        (b"1 beginbfchar <66> <00660069> endbfchar", ""),  # a ligature
        (b"1 beginbfchar <61> <0430> endbfchar", ""),  # a font of Cyrillic letters
        (b"1 beginbfrange <30> <39> <0031> endbfrange", "123456789"),
        (b"1 beginbfrange <61> <63> [<0062> <0063> <0061>] endbfrange", "bca"),
        (b"beginbfchar <31>", ""),
        (b"beginbfrange <31> <30> <0039> endbfrange <31> <0039>", ""),
        (b"endbfchar beginbfchar <3> <39> <zz> <0039> endbfchar", ""),
        (b"beginbfchar <31> <d800> endbfchar beginbfrange <30> <ff> <fff0> endbfrange", ""),
    ],
    ids=str,
)
def test_a_map_says_other_letters_than_are_drawn(pdf: pikepdf.Pdf, said: bytes, renamed: str) -> None:
    assert renamed_by(_font(pdf, said)) == renamed


@pytest.mark.parametrize(
    ("entries", "renamed"),
    [
        ({"Encoding": Name.WinAnsiEncoding}, "9"),
        ({"Encoding": ONES}, "9"),
        ({"Encoding": Dictionary(Differences=Array([0x31, Name.nine]))}, ""),
        ({"Encoding": Dictionary(Differences=Array([0x31, Name.g7]))}, ""),
        ({"BaseFont": Name.ZapfDingbats}, ""),
        ({"Subtype": Name.Type3}, ""),
        ({"FontDescriptor": Dictionary(Flags=4)}, ""),
        ({"Subtype": Name.TrueType, "Encoding": Name.WinAnsiEncoding}, "9"),
        (
            {
                "Subtype": Name.TrueType,
                "Encoding": Name.WinAnsiEncoding,
                "FontDescriptor": Dictionary(Flags=4),
            },
            "",
        ),
    ],
    ids=str,
)
def test_only_an_encoding_that_is_known_tells(
    pdf: pikepdf.Pdf, entries: dict[str, Any], renamed: str
) -> None:
    assert renamed_by(_font(pdf, **entries)) == renamed


def test_a_map_too_long_for_letters_is_not_read(pdf: pikepdf.Pdf) -> None:
    assert renamed_by(_font(pdf, LIE + b" " * 70_000)) == ""


def test_fonts_of_forms_that_a_page_draws_count(pdf: pikepdf.Pdf) -> None:
    page = pdf.add_blank_page()
    form = pdf.make_stream(b"")
    form.Subtype = Name.Form
    form.Resources = Dictionary(Font=Dictionary(F=_font(pdf)), XObject=Dictionary(Again=form))
    page.obj.Resources = Dictionary(XObject=Dictionary(Form=form))
    pdf.add_blank_page()
    fonts = Fonts(lambda: pdf)
    assert [fonts.renamed(place) for place in (0, 1)] == ["9", ""]


def test_a_file_that_cannot_be_looked_at_tells_nothing() -> None:
    asked = []

    def opening() -> pikepdf.Pdf:
        asked.append(1)
        raise pikepdf.PdfError("damaged")

    fonts = Fonts(opening)
    assert [fonts.renamed(place) for place in (0, 1)] == ["", ""]
    assert len(asked) == 1


def test_a_broken_page_tells_nothing_and_the_others_do(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page().obj.Resources = Dictionary(Font=Dictionary(F=1))
    pdf.add_blank_page().obj.Resources = Dictionary(Font=Dictionary(F=_font(pdf)))
    fonts = Fonts(lambda: pdf)
    assert [fonts.renamed(place) for place in (0, 1)] == ["", "9"]
