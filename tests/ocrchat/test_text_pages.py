"""A PDF's own text is taken where it is sound, and its picture is read where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocrchat.imaging.turn import turned_back
from ocrchat.layout.soundness import doubt_of, is_odd
from ocrchat.model import Box, Note, Page, PageImage, Source, Style, TextLayer
from ocrchat.options import Options
from ocrchat.own_text import PicturesSeen
from ocrchat.pipeline import page_read
from ocrchat.sources import Intake
from ocrchat.text_pages import language_of
from ocrchat.typesetting import Set
from tests.drawing import printed_page

Written = Callable[..., Path]

PARAGRAPH = "The quick brown fox jumps over the lazy dog, again and again, until it is tired"


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    """A door for files."""
    with Intake() as opened:
        yield opened


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Write a PDF of one page with that content, in Helvetica and its bold sister, or another face."""

    def write(
        content: str,
        *,
        picture: Image.Image | None = None,
        link: str = "",
        renamed: str = "",
        face: str = "Helvetica-Bold",
    ) -> Path:
        file = tmp_path / "page.pdf"
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page(page_size=(612, 792))
            fonts = {
                name: pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(f"/{base}")
                )
                for name, base in (("/F", "Helvetica"), ("/B", face))
            }
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
            if renamed:  # of the pair, the first is drawn and the second said
                said = f"1 beginbfchar <{ord(renamed[0]):02X}> <{ord(renamed[1]):04X}> endbfchar"
                page.obj.Resources.Font.F.ToUnicode = pdf.make_stream(said.encode())
            if picture is not None:
                stream = pikepdf.Stream(pdf, picture.tobytes())
                stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
                stream.Width, stream.Height = picture.size
                stream.BitsPerComponent, stream.ColorSpace = 8, pikepdf.Name.DeviceGray
                page.obj.Resources.XObject = pikepdf.Dictionary(P=stream)
            if link:
                action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=link)
                page.obj.Annots = pikepdf.Array(
                    [
                        pikepdf.Dictionary(
                            Type=pikepdf.Name.Annot,
                            Subtype=pikepdf.Name.Link,
                            Rect=[70, 690, 200, 715],
                            A=action,
                        )
                    ]
                )
            page.obj.Contents = pdf.make_stream(content.encode("latin-1"))
            pdf.save(file)
        return file

    return write


def _shown(*lines: str, font: str = "F", top: int = 700, mode: int = 0, left: int = 72) -> str:
    return "".join(
        f"BT {mode} Tr /{font} 12 Tf {left} {top - 16 * row} Td ({line}) Tj ET\n"
        for row, line in enumerate(lines)
    )


class Eye:
    """Reads `seen` wherever it looks, and remembers what it was shown and asked for."""

    def __init__(self, sure: float = 0.95) -> None:
        self.shown: list[PageImage] = []
        self.asked: list[tuple[str, ...]] = []
        self._sure = sure

    def __call__(self, image: PageImage, options: Options) -> Page:
        self.shown.append(image)
        self.asked.append(tuple(options.languages))
        from tests.ocrchat.exports.documents import block

        one = block("seen", x=2, y=3)
        return Page(0, image.width, image.height, "seen", "seen", (one,), confidence=self._sure)


def _read(intake: Intake, file: Path, text_layer: str = "auto") -> tuple[Page, Eye]:
    eye = Eye()
    with intake.open(file) as source:
        return page_read(source, 0, eye, Options(text_layer=text_layer)), eye


def test_sound_text_is_taken_as_it_is_and_nothing_is_drawn(intake: Intake, written: Written) -> None:
    page, eye = _read(intake, written(_shown(PARAGRAPH, "and a second line")))
    assert (page.source, page.language, page.script) == (Source.TEXT_LAYER, "en", "Latn")
    assert page.text == f"{PARAGRAPH}\nand a second line"
    assert eye.shown == []
    assert (page.width, page.height, page.dpi) == (1700, 2200, 200.0)
    word = page.blocks[0].lines[0].words[0]
    assert (word.text, word.confidence) == ("The", 1.0)
    assert abs(word.box.x0 - 72 * 200 / 72) < 6


def test_words_keep_their_weight_and_their_link(intake: Intake, written: Written) -> None:
    file = written(_shown("here it is", font="B") + _shown(PARAGRAPH, top=600), link="https://example.org/")
    page, _ = _read(intake, file)
    words = {word.text: word for block in page.blocks for line in block.lines for word in line.words}
    assert words["here"].bold
    assert words["here"].link == "https://example.org/"
    assert not words["quick"].bold
    assert words["quick"].link is None


@pytest.mark.parametrize("face", ["CMBX10", "ABCDEF+SFBX1000", "ECBX1000", "Arial,Bold"])
def test_a_bold_face_is_known_by_its_name(intake: Intake, written: Written, face: str) -> None:
    page, _ = _read(intake, written(_shown("here it is", font="B") + _shown(PARAGRAPH, top=600), face=face))
    assert [block.type.value for block in page.blocks] == ["heading", "paragraph"]


def test_two_columns_are_read_one_after_the_other(intake: Intake, written: Written) -> None:
    left = [f"left line number {row} of this column" for row in range(12)]
    right = [f"right line number {row} of that column" for row in range(12)]
    rows = "".join(
        _shown(one, top=700 - 16 * row) + _shown(other, top=700 - 16 * row, left=330)
        for row, (one, other) in enumerate(zip(left, right, strict=True))
    )
    page, _ = _read(intake, written(rows))
    assert [line for line in page.text.split("\n") if line] == [*left, *right]


def test_text_printed_twice_to_look_bold_is_said_once(intake: Intake, written: Written) -> None:
    twice = _shown(PARAGRAPH) + _shown(PARAGRAPH, top=700)
    page, _ = _read(intake, written(twice.replace("72 700", "72.3 700", 1)))
    assert page.text == PARAGRAPH


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (_shown(PARAGRAPH, mode=3), "invisible"),
        (_shown(" ".join("thequickbrownfoxjumpsoverthelazydog" for _ in range(25))), "missing"),
        (_shown(" ".join(PARAGRAPH.replace(" ", ""))), "inside"),
        (_shown("%&/ =?! ** ## $$ ;: <> " * 4), "letters"),
    ],
)
def test_text_that_is_not_sound_is_read_from_the_picture_and_said_so(
    content: str, why: str, intake: Intake, written: Written
) -> None:
    page, eye = _read(intake, written(content))
    assert (page.text, page.source) == ("seen", Source.CPU)
    assert len(eye.shown) == 1
    (note,) = page.notes
    assert note.code == "text-layer-doubted"
    assert why in note.message


TURNS = {90: "0 -1 1 0", 180: "-1 0 0 -1", 270: "0 1 -1 0"}
STARTS = {90: (500, 700, -16, 0), 180: (540, 100, 0, 16), 270: (100, 100, 16, 0)}


def _turned(degrees: int, *lines: str) -> str:
    x, y, across, down = STARTS[degrees]
    return "".join(
        f"BT /F 12 Tf {TURNS[degrees]} {x + across * row} {y + down * row} Tm ({line}) Tj ET\n"
        for row, line in enumerate(lines)
    )


@pytest.mark.parametrize("degrees", TURNS)
def test_a_page_whose_text_is_turned_is_set_upright(degrees: int, intake: Intake, written: Written) -> None:
    lines = [f"{PARAGRAPH[: 60 - row]} {row}" for row in range(5)]
    file = written(_turned(degrees, *lines))
    page, eye = _read(intake, file)
    assert eye.shown == []
    assert (page.source, page.rotation) == (Source.TEXT_LAYER, degrees)
    assert page.text.split() == " ".join(lines).split()
    assert (page.width, page.height) == ((1700, 2200) if degrees == 180 else (2200, 1700))
    with intake.open(file) as source:
        upright = turned_back(source.page(0), degrees)
    for line in [line for block in page.blocks for line in block.lines]:
        box = line.box
        ink = upright.pixels[box.y0 : box.y1, box.x0 : box.x1] < 128
        assert ink.mean() > 0.08
        assert box.width > 5 * box.height
    outside = upright.pixels.copy()
    for block in page.blocks:
        outside[block.box.y0 - 2 : block.box.y1 + 2, block.box.x0 - 2 : block.box.x1 + 2] = 255
    assert (outside >= 128).all()


def test_a_picture_on_a_turned_page_is_read_upright(intake: Intake, written: Written) -> None:
    picture = printed_page(["a sign"]).convert("L").resize((300, 200))
    lines = [f"{PARAGRAPH[: 60 - row]} {row}" for row in range(5)]
    file = written(_turned(90, *lines) + "q 200 0 0 300 100 300 cm /P Do Q", picture=picture)
    page, eye = _read(intake, file)
    assert page.rotation == 90
    (shown,) = eye.shown
    assert abs(shown.width - 300 * 200 / 72) < 4
    assert abs(shown.height - 200 * 200 / 72) < 4
    (word,) = [
        word for block in page.blocks for line in block.lines for word in line.words if word.text == "seen"
    ]
    assert abs(word.box.x0 - (2 + (792 - 600) * 200 / 72)) < 5


def test_a_line_in_the_margin_that_runs_up_comes_last_and_whole(intake: Intake, written: Written) -> None:
    margin = f"BT /F 12 Tf {TURNS[270]} 40 200 Tm (kept in an archive since 2017) Tj ET\n"
    page, _ = _read(intake, written(margin + _shown(PARAGRAPH, "and a second line", left=100)))
    assert page.rotation == 0
    assert page.text.split("\n\n")[-1] == "kept in an archive since 2017"
    assert page.markdown.endswith("kept in an archive since 2017")
    assert "archive" not in page.text.split("\n\n")[0]
    assert page.blocks[-1].box.height > 5 * page.blocks[-1].box.width


def test_words_that_nobody_sees_are_left_out_and_said_so(intake: Intake, written: Written) -> None:
    hidden = _shown("ignore all of this", top=300, mode=3) + "0 Tr\n"
    white = "1 g\n" + _shown("white on white", top=200) + "0 g\n"
    page, _ = _read(intake, written(_shown(PARAGRAPH, PARAGRAPH) + hidden + white))
    assert page.text.split() == [*PARAGRAPH.split(), *PARAGRAPH.split()]
    assert [(note.code, note.message.split()[0]) for note in page.notes] == [("hidden-text-left-out", "7")]


SHIFTED = "".join(chr(ord(letter) - 29) if letter != " " else " " for letter in PARAGRAPH + " and goes on")


class Knowing(Eye):
    """Reads one text wherever it looks."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __call__(self, image: PageImage, options: Options) -> Page:
        return replace(super().__call__(image, options), text=self._text)


@pytest.mark.parametrize(
    ("seen", "source"),
    [(PARAGRAPH, Source.CPU), (SHIFTED.casefold(), Source.TEXT_LAYER), ("", Source.TEXT_LAYER)],
)
def test_odd_text_is_compared_with_a_line_that_is_read(
    seen: str, source: Source, intake: Intake, written: Written
) -> None:
    escaped = SHIFTED.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    eye = Knowing(seen)
    with intake.open(written(_shown(escaped, escaped, escaped))) as file:
        page = page_read(file, 0, eye, Options())
    assert page.source is source
    first = eye.shown[0]
    assert first.height < 100 < 900 < first.width  # a line of the page, not all of it
    assert [note.code for note in page.notes] == ["text-layer-doubted"] * (source is Source.CPU)
    assert len(eye.shown) == (2 if source is Source.CPU else 1)


@pytest.mark.parametrize(("seen", "source"), [("1111", Source.CPU), ("9999", Source.TEXT_LAYER)])
def test_letters_that_a_font_calls_others_are_compared_one_by_one(
    seen: str, source: Source, intake: Intake, written: Written
) -> None:
    lines = (PARAGRAPH, "Pay 1111 EUR before the first of May", PARAGRAPH)
    eye = Knowing(f"Pay {seen} EUR before the first of May")
    with intake.open(written(_shown(*lines), renamed="19")) as file:
        layer = file.text_layer(0)
        page = page_read(file, 0, eye, Options())
    assert layer is not None
    assert "9999" in layer.text
    assert layer.renamed == "9"
    assert page.source is source
    assert [note.code for note in page.notes] == ["text-layer-doubted"] * (source is Source.CPU)


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        (PARAGRAPH * 2, False),
        (SHIFTED * 2, True),
        (
            "Der Škoda fährt nach Brno, strč prst skrz krk, a to je všechno co víme o tom místě dnes ráno",
            False,
        ),
        ("Cwm fjord bank glyphs vext quiz. Ysgol gwyrdd mynydd llwyd bwrdd dwr hwyl fawr iawn", False),
        (
            "see https://example.org/a and mail@example.org for e-mail, O'Brien, and/or AT&T (or so) today",
            False,
        ),
    ],
)
def test_what_looks_unlike_words(text: str, odd: bool) -> None:
    assert is_odd(_layer(text)) is odd


def test_letters_without_a_meaning_are_doubted() -> None:
    assert "mean" in (doubt_of(_layer("\ue001\ue002 \ue003 words")) or "")
    assert doubt_of(_layer("• words that mean something, and one \uf0b7 bullet of a font's own")) is None


def test_arabic_stored_as_shapes_is_doubted() -> None:
    assert "shapes" in (doubt_of(_layer("\ufe8d\ufedf\ufecc\ufeae\ufe91\ufef4\ufe94 text")) or "")


def _layer(text: str) -> TextLayer:
    """A layer of words beside each other."""
    spans, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    count = len(spans)
    return TextLayer(
        width=1700,
        height=2200,
        dpi=200.0,
        scale=200 / 72,
        text=text,
        spans=np.array(spans, np.int32),
        boxes=np.array([[100 * n, 100, 100 * n + 90, 130] for n in range(count)], np.float32),
        ends=np.zeros((count, 4), np.float32),
        styles=np.zeros(count, np.int32),
        unmapped=np.zeros(count, np.int32),
        covered=np.zeros(count, bool),
        style_table=(Style(30.0),),
    )


def test_a_page_without_text_is_read_from_its_picture_without_a_word(
    intake: Intake, written: Written
) -> None:
    page, eye = _read(intake, written("0 0 100 100 re f"))
    assert (page.text, page.notes, len(eye.shown)) == ("seen", (), 1)


def test_a_picture_in_a_page_is_read_at_its_place(intake: Intake, written: Written) -> None:
    picture = printed_page(["a sign"]).convert("L").resize((300, 200))
    drawn = "q 300 0 0 200 150 300 cm /P Do Q\n"
    content = _shown(PARAGRAPH, top=740) + drawn + _shown("last words here", top=200)
    page, eye = _read(intake, written(content, picture=picture))
    assert page.source is Source.TEXT_LAYER
    assert page.text.split() == [*PARAGRAPH.split(), "seen", "last", "words", "here"]
    (shown,) = eye.shown
    assert abs(shown.width - 300 * 200 / 72) < 4
    (word,) = [
        word for block in page.blocks for line in block.lines for word in line.words if word.text == "seen"
    ]
    assert abs(word.box.x0 - (150 * 200 / 72 + 2)) < 4
    assert word.confidence == 0.9


def test_a_picture_is_read_in_the_language_of_its_page_and_in_any_where_it_seems_to_be_in_another(
    intake: Intake, written: Written
) -> None:
    picture = printed_page(["a sign"]).convert("L").resize((300, 200))
    file = written(
        _shown(PARAGRAPH, "and a second line of it", top=740) + "q 300 0 0 200 150 300 cm /P Do Q",
        picture=picture,
    )
    for sure, asked in ((0.95, [("en",)]), (0.4, [("en",), ()])):
        eye = Eye(sure)
        with intake.open(file) as source:
            page_read(source, 0, eye, Options())
        assert eye.asked == asked


def test_a_picture_that_stands_on_many_pages_is_read_once(intake: Intake, written: Written) -> None:
    picture = printed_page(["a sign"]).convert("L").resize((300, 200))
    file = written(_shown(PARAGRAPH, top=740) + "q 300 0 0 200 150 300 cm /P Do Q", picture=picture)
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.pages.append(pdf.pages[0])
        pdf.save(file)
    eye, seen = Eye(), PicturesSeen()
    with intake.open(file) as source:
        first, second = (page_read(source, index, eye, Options(), seen) for index in range(2))
    assert len(eye.shown) == 1
    assert first.text == second.text
    assert second.text.endswith("seen")


def test_what_stays_unread_in_a_picture_is_told_of_where_it_stands_on_the_page(
    intake: Intake, written: Written
) -> None:
    from tests.ocrchat.exports.documents import block

    def eye(image: PageImage, options: Options) -> Page:
        blocks = [block(text, x=x, y=10) for text, x in (("seen", 10), ("half seen", 200), ("%!", 400))]
        blurred = [
            replace(each, lines=tuple(replace(line, confidence=sure) for line in each.lines))
            for each, sure in zip(blocks, (0.9, 0.5, 0.5), strict=True)
        ]
        told = (Note("text-left-unread", "faint", box=Box(5, 60, 25, 70)),)
        return Page(0, image.width, image.height, "", "", tuple(blurred), confidence=0.95, notes=told)

    picture = printed_page(["a sign"]).convert("L").resize((300, 200))
    file = written(_shown(PARAGRAPH, top=740) + "q 300 0 0 200 150 300 cm /P Do Q", picture=picture)
    with intake.open(file) as source:
        page = page_read(source, 0, eye, Options())
        layer = source.text_layer(0)
    assert layer is not None
    (shown,) = layer.pictures
    faint, half = (note.box for note in page.notes if note.code == "text-left-unread")
    assert faint == Box(shown.box.x0 + 5, shown.box.y0 + 60, shown.box.x0 + 25, shown.box.y0 + 70)
    assert half is not None
    assert (half.x0, half.y0) == (shown.box.x0 + 200, shown.box.y0 + 10)
    assert page.text.endswith("seen")
    assert "half" not in page.text


def test_a_picture_without_letters_is_not_read(intake: Intake, written: Written) -> None:
    picture = Image.fromarray(np.tile(np.linspace(0, 255, 300), (200, 1)).astype(np.uint8))
    file = written(_shown(PARAGRAPH, top=740) + "q 300 0 0 200 150 300 cm /P Do Q", picture=picture)
    page, eye = _read(intake, file)
    assert (page.text, eye.shown) == (PARAGRAPH, [])


def test_a_page_that_is_one_picture_with_a_caption_is_read_whole(intake: Intake, written: Written) -> None:
    picture = Image.fromarray(np.full((200, 300), 255, np.uint8))
    page, eye = _read(intake, written("q 612 0 0 792 0 0 cm /P Do Q\n" + _shown("stamp"), picture=picture))
    assert (page.source, page.notes) == (Source.CPU, ())
    assert len(eye.shown) == 1


def test_always_and_never_are_obeyed(intake: Intake, written: Written) -> None:
    doubtful, sound = _shown(" ".join(PARAGRAPH.replace(" ", ""))), _shown(PARAGRAPH)
    assert _read(intake, written(doubtful), "always")[0].source is Source.TEXT_LAYER
    assert _read(intake, written(sound), "never")[0].source is Source.CPU


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der schnelle braune Fuchs springt über den faulen Hund und läuft davon", ("de", "Latn")),
        ("تحسين الإنتاجية وحل المشكلات من خلال البرمجة", ("ar", "Arab")),
        ("人人生而自由，在尊严和权利上一律平等", ("zh", "Hans")),
        ("すべての人間は、生まれながらにして自由であり", ("ja", "Jpan")),
        ("12,50 + 7", (None, None)),
    ],
)
def test_the_language_of_a_text_is_told_by_its_letters(text: str, expected: tuple[str | None, ...]) -> None:
    assert language_of(text, ()) == expected


HEBREW = {chr(ord("a") + place): chr(0x5D0 + place) for place in range(22)}
"""Letters that a font of ours says are Hebrew."""


def _hebrew(file: Path) -> Path:
    """The same page, its font Hebrew."""
    pairs = "".join(f"<{ord(latin):02x}> <{ord(letter):04x}>\n" for latin, letter in HEBREW.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /H def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(HEBREW)} beginbfchar\n{pairs}endbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Resources.Font.F.ToUnicode = pdf.make_stream(cmap.encode())
        pdf.save(file)
    return file


def test_text_that_runs_to_the_left_is_read_in_its_order_and_from_the_right_column(
    intake: Intake, written: Written
) -> None:
    right = [f"abcde fghi klm nopqr stu {'bcd' * (1 + row % 2)}" for row in range(12)]
    left = [f"qponm lkji hgf edcba uts {'efg' * (1 + row % 2)}" for row in range(12)]
    drawn = "".join(
        _shown(one[::-1], top=700 - 16 * row, left=330) + _shown(other[::-1], top=700 - 16 * row)
        for row, (one, other) in enumerate(zip(right, left, strict=True))
    )
    page, eye = _read(intake, _hebrew(written(drawn)))
    assert (page.source, page.script, eye.shown) == (Source.TEXT_LAYER, "Hebr", [])
    said = "".join(HEBREW.get(letter, letter) for letter in " ".join([*right, *left]))
    assert page.text.split() == said.split()
    first, last = page.blocks[0].lines[0], page.blocks[-1].lines[-1]
    assert first.box.x0 > last.box.x1
    assert first.words[0].box.x0 > first.words[-1].box.x1


def test_a_page_that_no_typesetter_can_set_is_read_from_its_picture(intake: Intake, written: Written) -> None:
    eye = Eye()
    with intake.open(written(_shown(PARAGRAPH))) as source:
        page = page_read(source, 0, eye, Options(), set_one=lambda sheet: Set())
    assert (page.source, page.text) == (Source.CPU, "seen")
    assert [note.message.rpartition(": ")[2] for note in page.notes] == ["it could not be laid out"]
