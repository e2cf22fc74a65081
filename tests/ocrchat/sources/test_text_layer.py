"""What a PDF page says of its own text comes out of the lock at its place on the page's picture."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocrchat.model import TextLayer
from ocrchat.sources import Intake

Saved = Callable[..., Path]

FACES = {"F": "Helvetica", "B": "Helvetica-Bold", "I": "Times-Italic"}


def page_of(content: bytes, **entries: object) -> pikepdf.Pdf:
    """A page of 300 by 500 points with three of the fonts that every reader has."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(300, 500))
    fonts = {
        name: Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + face))
        for name, face in FACES.items()
    }
    page.Resources = Dictionary(Font=Dictionary(**fonts))
    page.Contents = document.make_stream(content)
    for key, value in entries.items():
        page.obj[Name("/" + key)] = value
    return document


def layer_of(intake: Intake, saved: Saved, document: pikepdf.Pdf) -> TextLayer:
    with document, io.BytesIO() as out:
        document.save(out)
        path = saved(out.getvalue())
    with intake.open(path) as source:
        layer = source.text_layer(0)
    assert layer is not None
    return layer


def words(layer: TextLayer) -> list[str]:
    return [layer.word(index) for index in range(len(layer))]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_word_stands_where_it_is_drawn(intake: Intake, saved: Saved, rotation: int) -> None:
    document = page_of(b"BT /F 40 Tf 120 300 Td (HOUSE) Tj ET", Rotate=rotation, CropBox=[50, 100, 300, 500])
    with document, io.BytesIO() as out:
        document.save(out)
        path = saved(out.getvalue())
    with intake.open(path) as source:
        layer, image = source.text_layer(0), source.page(0)
    assert layer is not None
    assert words(layer) == ["HOUSE"]
    assert (layer.width, layer.height, layer.dpi) == (image.width, image.height, image.dpi)
    rows, columns = np.nonzero(image.pixels < 128)
    x0, y0, x1, y1 = layer.boxes[0]
    assert x0 - 1 <= columns.min()
    assert columns.max() <= x1 + 1
    assert y0 - 1 <= rows.min()
    assert rows.max() <= y1 + 1
    ink = (columns.max() - columns.min()) * (rows.max() - rows.min())
    assert ink > 0.4 * (x1 - x0) * (y1 - y0)
    assert layer.style_table[layer.styles[0]].angle == rotation


def test_words_end_at_blanks_gaps_and_lines(intake: Intake, saved: Saved) -> None:
    layer = layer_of(
        intake,
        saved,
        page_of(b"BT /F 12 Tf 20 400 Td (one two) Tj 150 0 Td (three) Tj -150 -20 Td (four) Tj ET"),
    )
    assert words(layer) == ["one", "two", "three", "four"]


def test_a_style_tells_weight_slant_size_and_whether_it_is_seen(intake: Intake, saved: Saved) -> None:
    content = (
        b"BT /F 12 Tf 20 400 Td (plain) Tj /B 24 Tf 0 -50 Td (bold) Tj /I 12 Tf 0 -50 Td (slanted) Tj "
        b"3 Tr 0 -50 Td (hidden) Tj 0 Tr 1 g 0 -50 Td (white) Tj ET"
    )
    layer = layer_of(intake, saved, page_of(content))
    styles = dict(zip(words(layer), (layer.style_table[style] for style in layer.styles), strict=True))
    assert [word for word, style in styles.items() if style.bold] == ["bold"]
    assert [word for word, style in styles.items() if style.italic] == ["slanted", "hidden", "white"]
    assert [word for word, style in styles.items() if style.hidden] == ["hidden"]
    assert [word for word, style in styles.items() if style.light] == ["white"]
    assert styles["bold"].size == pytest.approx(24 * 200 / 72, rel=0.01)


def test_what_is_painted_over_is_covered(intake: Intake, saved: Saved) -> None:
    content = b"BT /F 12 Tf 20 400 Td (secret) Tj 0 -100 Td (open) Tj ET 0 g 10 390 100 30 re f"
    layer = layer_of(intake, saved, page_of(content))
    assert [word for word, covered in zip(words(layer), layer.covered, strict=True) if covered] == ["secret"]


def test_paint_covers_no_more_than_its_clipping_lets_through(intake: Intake, saved: Saved) -> None:
    words_first = b"BT /F 12 Tf 20 400 Td (secret) Tj 0 -100 Td (open) Tj ET 0 g "
    layer = layer_of(intake, saved, page_of(words_first + b"10 390 100 30 re W n 0 0 300 500 re f"))
    assert [word for word, covered in zip(words(layer), layer.covered, strict=True) if covered] == ["secret"]
    assert [(ground.width, ground.height) for ground in layer.grounds] == [(279, 84)]
    round_one = b"10 390 m 10 430 110 430 110 390 c 110 380 10 380 10 390 c W n 0 0 300 500 re f"
    assert not layer_of(intake, saved, page_of(words_first + round_one)).covered.any()
    assert not layer_of(
        intake, saved, page_of(words_first + b"9 9 0 0 re W n 0 0 300 500 re f")
    ).covered.any()


def test_a_ground_under_words_covers_nothing(intake: Intake, saved: Saved) -> None:
    layer = layer_of(
        intake, saved, page_of(b"0 0 1 rg 10 390 100 30 re f BT 1 g /F 12 Tf 20 400 Td (head) Tj ET")
    )
    assert not layer.covered.any()
    assert [(ground.width, ground.height) for ground in layer.grounds] == [(279, 84)]


def test_lines_and_edges_of_cells_are_rules(intake: Intake, saved: Saved) -> None:
    layer = layer_of(intake, saved, page_of(b"20 300 m 220 300 l S 20 100 200 100 re S 20 50 m 90 90 l S"))
    across = [rule for rule in layer.rules if rule.width > 500 and rule.height < 9]
    down = [rule for rule in layer.rules if rule.height > 200 and rule.width < 9]
    assert (len(across), len(down), len(layer.rules)) == (3, 2, 5)


def test_a_table_drawn_as_one_path_gives_each_of_its_lines(intake: Intake, saved: Saved) -> None:
    path = b"".join(b"20 %d m 220 %d l " % (y, y) for y in (100, 130, 160, 190)) + b"20 100 m 20 190 l S"
    layer = layer_of(intake, saved, page_of(path))
    assert len(layer.rules) == 5


def test_a_picture_is_known_by_its_place_and_its_bytes(intake: Intake, saved: Saved) -> None:
    document = pictured(b"q 100 0 0 50 20 400 cm /X Do Q q 100 0 0 50 20 200 cm /X Do Q")
    upper, lower = layer_of(intake, saved, document).pictures
    assert (upper.width, upper.height) == (60, 30)
    assert upper.box.y1 < lower.box.y0
    assert upper.digest == lower.digest != ""


def test_a_picture_is_what_its_clipping_lets_through(intake: Intake, saved: Saved) -> None:
    left, right = (
        b"q 20 400 50 50 re W n 100 0 0 50 20 400 cm /X Do Q ",
        b"q 70 400 50 50 re W n 100 0 0 50 20 400 cm /X Do Q",
    )
    one, other = layer_of(intake, saved, pictured(left + right)).pictures
    assert (one.width, one.height) == (other.width, other.height) == (30, 30)
    assert one.box.x1 <= other.box.x0 + 1
    assert one.digest != other.digest


def pictured(content: bytes) -> pikepdf.Pdf:
    """A page that may draw a picture of 60 x 30 pixels, X."""
    document = page_of(content)
    pixels = Image.effect_noise((60, 30), 50).tobytes()
    document.pages[0].Resources.XObject = Dictionary(
        X=document.make_stream(
            pixels, Type=Name.XObject, Subtype=Name.Image, Width=60, Height=30,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )
    )  # fmt: skip
    return document


def test_characters_without_a_meaning_are_counted(intake: Intake, saved: Saved) -> None:
    document = page_of(b"BT /T 20 Tf 20 400 Td (abc) Tj ET")
    glyph = document.make_stream(b"500 0 0 0 500 700 d1 0 0 400 700 re f")
    document.pages[0].Resources.Font.T = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 500, 700], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        CharProcs=Dictionary(g1=glyph, g2=glyph, g3=glyph), FirstChar=97, LastChar=99, Widths=[500] * 3,
        Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.g1, Name.g2, Name.g3]),
    )  # fmt: skip
    layer = layer_of(intake, saved, document)
    assert layer.unmapped.sum() == 3


def test_links_lead_to_addresses_and_nowhere_else(intake: Intake, saved: Saved) -> None:
    document = page_of(b"BT /F 12 Tf 20 400 Td (here) Tj ET")
    targets = [
        "https://example.org/a?b=1",
        "mailto:a@example.org",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ]
    document.pages[0].Annots = Array(
        [
            document.make_indirect(
                Dictionary(
                    Type=Name.Annot, Subtype=Name.Link, Rect=[20, 395, 60, 415],
                    A=Dictionary(S=Name.URI, URI=pikepdf.String(target)),
                )
            )
            for target in targets
        ]
    )  # fmt: skip
    layer = layer_of(intake, saved, document)
    assert [link.target for link in layer.links] == targets[:2]
    assert layer.links[0].box.intersection(layer.links[1].box).area == layer.links[0].box.area > 0


def test_fields_say_what_is_filled_in_but_no_password(intake: Intake, saved: Saved) -> None:
    document = page_of(b"")

    def field(top: int, name: str, **entries: object) -> pikepdf.Object:
        return document.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, T=name, F=4, Rect=[50, top, 250, top + 20], **entries
            )
        )

    states = Dictionary(N=Dictionary(Yes=document.make_stream(b""), Off=document.make_stream(b"")))
    fields = [
        field(400, "name", FT=Name.Tx, V="Ada L\u014dvelace"),
        field(360, "ticked", FT=Name.Btn, V=Name.Yes, AS=Name.Yes, AP=states),
        field(320, "empty", FT=Name.Btn, V=Name.Off, AS=Name.Off, AP=states),
        field(280, "secret", FT=Name.Tx, V="hunter2", Ff=1 << 13),
        field(240, "unseen", FT=Name.Tx, V="not shown"),
    ]
    fields[-1].F = 2
    document.pages[0].Annots = Array(fields)
    document.Root.AcroForm = Dictionary(Fields=Array(fields))
    layer = layer_of(intake, saved, document)
    assert [each.text for each in layer.fields] == ["Ada L\u014dvelace", "\u2611", "\u2610"]


def test_a_page_without_text_has_no_words_and_a_picture_file_no_layer(intake: Intake, saved: Saved) -> None:
    assert len(layer_of(intake, saved, page_of(b""))) == 0
    with intake.open(saved(Image.new("L", (50, 50)))) as source:
        assert source.text_layer(0) is None


def test_text_and_picture_of_a_page_can_be_had_in_turns(intake: Intake, saved: Saved) -> None:
    with page_of(b"BT /F 12 Tf 20 400 Td (turns) Tj ET") as document, io.BytesIO() as out:
        document.save(out)
        path = saved(out.getvalue())
    with intake.open(path) as source:
        for _ in range(3):
            layer = source.text_layer(0)
            assert layer is not None
            assert words(layer) == ["turns"]
            assert source.page(0).pixels.min() < 128
