"""A page's own text may be as long, as odd and as far away as it likes: it is bounded, and answered."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Dictionary, Name

from ocrchat.errors import PageUnreadable
from ocrchat.model import TextLayer
from ocrchat.sources import Intake, Limits


def opened(intake: Intake, folder: Path, content: bytes) -> TextLayer | None:
    with pikepdf.new() as document, io.BytesIO() as out:
        page = document.add_blank_page(page_size=(612, 792))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = document.make_stream(content)
        document.save(out)
        path = folder / "upload"
        path.write_bytes(out.getvalue())
    with intake.open(path) as source:
        return source.text_layer(0)


def test_ten_million_characters_are_refused(intake: Intake, tmp_path: Path) -> None:
    line = b"(" + b"many words of no use " * 50 + b") Tj 0 -1 Td "
    content = b"BT /F1 1 Tf 0 790 Td " + line * 10_000 + b"ET"
    with pytest.raises(PageUnreadable, match="page 1 cannot be read"):
        opened(intake, tmp_path, content)


def test_one_character_too_many_names_the_limit(intake: Intake, tmp_path: Path) -> None:
    most = Limits().characters
    content = b"BT /F1 1 Tf 0 700 Td " + b"(%s) Tj 0 -1 Td " % (b"x" * 1_000) * (most // 1_000 + 1) + b"ET"
    with pytest.raises(PageUnreadable, match=r"characters; at most 300,000 characters"):
        opened(intake, tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 1e38 Tf 1e38 1e38 Td (far) Tj ET",
        b"BT /F1 nan Tf (none) Tj ET",
        b"BT /F1 -12 Tf 100 100 Td (negative) Tj ET",
        b"BT /F1 0 Tf 100 100 Td (nothing) Tj ET",
        b"1e30 0 0 1e30 0 0 cm BT /F1 12 Tf 1 1 Td (grown) Tj ET",
        b"0 0 0 0 0 0 cm BT /F1 12 Tf (flat) Tj ET",
        b"BT /F1 12 Tf 1e-30 0 0 1e-30 100 100 Tm (shrunk) Tj ET",
        b"1e38 1e38 m -1e38 -1e38 l S 0 0 1e38 1 re f BT /F1 12 Tf 9 9 Td (lines) Tj ET",
    ],
    ids=str,
)
def test_absurd_sizes_and_places_stay_numbers(intake: Intake, tmp_path: Path, content: bytes) -> None:
    layer = opened(intake, tmp_path, content)
    assert layer is not None
    assert np.isfinite(layer.boxes).all()
    assert np.abs(layer.boxes).max(initial=0) <= 1e6
    assert all(np.isfinite([style.size, style.angle]).all() for style in layer.style_table)
    assert all(0 <= rule.x0 < rule.x1 <= layer.width for rule in layer.rules)


def test_control_characters_end_words_or_stay_single_code_points(intake: Intake, tmp_path: Path) -> None:
    layer = opened(intake, tmp_path, b"BT /F1 12 Tf 9 99 Td <410042014302440B45FE46FF47> Tj ET")
    assert layer is not None
    layer.text.encode()
    assert "".join(layer.word(index) for index in range(len(layer))).startswith("A")


def test_lone_surrogates_of_a_font_s_map_become_replacements(intake: Intake, tmp_path: Path) -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"3 beginbfchar <41> <D800> <42> <DC00> <43> <0043> endbfchar endcmap end"
    )
    with pikepdf.new() as document, io.BytesIO() as out:
        page = document.add_blank_page(page_size=(612, 792))
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, ToUnicode=document.make_stream(cmap)
        )
        page.Resources = Dictionary(Font=Dictionary(F1=font))
        page.Contents = document.make_stream(b"BT /F1 12 Tf 9 99 Td (ACB) Tj ET")
        document.save(out)
        (tmp_path / "upload").write_bytes(out.getvalue())
    with intake.open(tmp_path / "upload") as source:
        layer = source.text_layer(0)
    assert layer is not None
    layer.text.encode()
    assert "C" in layer.text


def test_twenty_thousand_objects_and_links_are_bounded(intake: Intake, tmp_path: Path) -> None:
    lines = b"".join(b"%d %d m %d %d l S " % (x % 600, x // 40, x % 600 + 9, x // 40) for x in range(20_000))
    layer = opened(intake, tmp_path, lines + b"BT /F1 12 Tf 9 99 Td (grid) Tj ET")
    assert layer is not None
    assert len(layer.rules) == 4_000
    assert layer.word(0) == "grid"
