"""Searchable PDFs, read back by poppler, PDFium, pdf.js and qpdf."""

from __future__ import annotations

import io
import random
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from ocrchat.exports import format_named, reading_of
from ocrchat.exports.pdf import NoPagesLeft, as_seen
from ocrchat.model import Block, Box, Document, Line, Page, Source, Word
from ocrchat.sources import Intake
from tests.drawing import FONT
from tests.ocrchat.exports.documents import block, document, page, sample

PDFJS = Path(__file__).parents[2] / "pdfjs" / "text.mjs"
SIZE = (1654, 2339)
LETTER, GAP, HEIGHT = 20, 18, 50

SCRIPTS = {
    "Latin": "The quick brown fox jumps über den faulen Hund, 1.234,56 € in Łódź",
    "Cyrillic": "Съешь же ещё этих мягких французских булок да выпей чаю",
    "Greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία του κόσμου",
    "Arabic": "مرحبا بالعالم هذا اختبار للنص العربي مع أرقام 1234",
    "Hebrew": "דג סקרן שט בים מאוכזב ולפתע מצא חברה",
    "Devanagari": "हिन्दी में परीक्षण क्षत्रिय ज्ञान और श्रद्धा",
    "Burmese": "မြန်မာ စာ စမ်းသပ် ခြင်း ဖြစ် သည်",
    "Thai": "ภาษาไทย ทดสอบ การค้นหา ข้อความ",
    "Chinese": "人人生而自由 在尊严和权利上 一律平等",
    "Japanese": "すべての 人間は 生まれながらに して 自由であり",
    "Korean": "모든 인간은 태어날 때부터 자유로우며",
    "Tamil": "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்",
    "astral": "𠮷野家 😀 plane",
}
LEFTWARD = {"Arabic", "Hebrew"}
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\ufeff\x02\xad"))


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    """A door for files."""
    with Intake() as opened:
        yield opened


def _printed(intake: Intake, file: Path, read: Document, title: str = "a title") -> bytes:
    with intake.open(file) as source, io.BytesIO() as out:
        format_named("pdf").write(reading_of(read, title, printing=source.printed), out)
        return out.getvalue()


def _line(text: str, y: int, *, leftward: bool = False) -> Line:
    """Words beside each other, from the right where the script runs so."""
    words, at = [], SIZE[0] - 100 if leftward else 100
    for word in text.split():
        length = LETTER * len(word)
        left = at - length if leftward else at
        words.append(Word(word, Box(left, y, left + length, y + HEIGHT), 0.9))
        at += (-1 if leftward else 1) * (length + GAP)
    return Line(text, Box.around(word.box for word in words), 0.9, tuple(words))


def _page(*texts: str, index: int = 0) -> Page:
    lines = [
        _line(text, 100 + 90 * row, leftward=text in (SCRIPTS["Arabic"], SCRIPTS["Hebrew"]))
        for row, text in enumerate(texts)
    ]
    blocks = tuple(Block(line.text, line.box, 0.9, lines=(line,)) for line in lines)
    return Page(index, *SIZE, "\n\n".join(texts), "", blocks, confidence=0.9, dpi=200.0)


def _png(folder: Path, size: tuple[int, int] = SIZE) -> Path:
    file = folder / "page.png"
    Image.new("L", size, 255).save(file)
    return file


def _poppler(data: bytes, folder: Path, *wishes: str) -> str:
    file = folder / "out.pdf"
    file.write_bytes(data)
    done = subprocess.run(["pdftotext", *wishes, str(file), "-"], check=True, capture_output=True)
    return done.stdout.decode().translate(_MARKS)


def _pdfium(data: bytes) -> str:
    opened = pypdfium2.PdfDocument(data)
    text = "\n".join(each.get_textpage().get_text_range() for each in opened)
    opened.close()
    return text.translate(_MARKS)


def _pdfjs(data: bytes, folder: Path) -> str:
    file, out = folder / "in.pdf", folder / "text"
    file.write_bytes(data)
    subprocess.run(["node", str(PDFJS), str(file), str(out)], check=True, capture_output=True, timeout=120)
    return out.read_text().translate(_MARKS)


def _words(text: str) -> list[str]:
    return text.split()


def _alike(found: str, wanted: str) -> float:
    return SequenceMatcher(None, " ".join(found.split()), " ".join(wanted.split()), autojunk=False).ratio()


@pytest.mark.parametrize("script", SCRIPTS)
def test_other_programs_give_back_the_words_in_their_order(
    script: str, intake: Intake, tmp_path: Path
) -> None:
    text = SCRIPTS[script]
    data = _printed(intake, _png(tmp_path), document(_page(text)))
    assert _words(_poppler(data, tmp_path)) == _words(text)
    assert _words(_pdfium(data)) == _words(text)
    assert _words(_pdfjs(data, tmp_path)) == _words(text)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_of_two_columns_is_read_back_letter_by_letter(
    script: str, intake: Intake, tmp_path: Path
) -> None:
    read = _columns(script)
    data = _printed(intake, _png(tmp_path), document(read))
    for reader, found in (
        ("pdftotext", _poppler(data, tmp_path)),
        ("PDFium", _pdfium(data)),
        ("pdf.js", _pdfjs(data, tmp_path)),
    ):
        right = 1 - _edits(" ".join(_words(found)), " ".join(_words(read.text))) / len(read.text)
        in_order = _in_order(_words(found), _words(read.text))
        print(f"{script:10} {reader:9} {right:7.2%} of letters right, {in_order:7.2%} of words in order")
        assert right >= 0.99
        assert in_order >= 0.99


@pytest.mark.parametrize("overlap", [0, 15, 200])
def test_words_whose_boxes_touch_or_overlap_are_told_apart(
    overlap: int, intake: Intake, tmp_path: Path
) -> None:
    texts = ["undesired", "evaluation", "as", "the", "models,", "it"]
    words, at = [], 100
    for text in texts:
        length = LETTER * len(text)
        words.append(Word(text, Box(at, 100, at + length + overlap, 150), 0.9))
        at += length
    line = Line(" ".join(texts), Box.around(word.box for word in words), 0.9, tuple(words))
    read = Page(0, *SIZE, line.text, "", (_block_of([line]),), confidence=0.9, dpi=200.0)
    data = _printed(intake, _png(tmp_path), document(read))
    for found in (_poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)):
        assert _words(found) == texts


@pytest.mark.parametrize("text", ["ภาษาไทยทดสอบ ข้อความ", "人人生而自由,在尊严 和权利上", "မြန်မာစာ စမ်း"])
def test_letters_that_were_read_one_by_one_stand_together_where_the_line_has_no_space(
    text: str, intake: Intake, tmp_path: Path
) -> None:
    at, words = 100, []
    for place, letter in enumerate(text):
        wide = 25 + 9 * (place % 3)
        if letter != " ":
            words.append(Word(letter, Box(at, 100, at + wide - 8 + 4 * (place % 5), 145), 0.9))
        at += wide
    line = Line(text, Box.around(word.box for word in words), 0.9, tuple(words))
    read = Page(0, *SIZE, text, "", (_block_of([line]),), confidence=0.9, dpi=200.0)
    data = _printed(intake, _png(tmp_path), document(read))
    for found in (_poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)):
        assert _words(found) == _words(text)


def _columns(script: str) -> Page:
    """A heading over two columns of justified lines, the words of the script's text again and again.

    Where the script runs to the left, a number stands at a line's end only: within such a line pdftotext
    loses the space after it, PDFium turns Latin words, and both do so with other programs' PDFs, too.
    """
    leftward = script in LEFTWARD
    words = SCRIPTS[script].split()
    words = [each for each in words if not each.isascii()] if leftward else [*words, "2024", "(a)", "A4"]
    rolled = random.Random(script)
    blocks = [_block_of([_line(SCRIPTS[script], 120, leftward=leftward)])]
    for side, lengths in zip((1, 0) if leftward else (0, 1), ((7, 9, 8), (10, 5, 9)), strict=True):
        x0, y = 100 + 760 * side, 300
        for length in lengths:
            tops = range(y, y + 70 * length, 70)
            texts = [[*rolled.choices(words, k=4), str(top) if leftward else words[-1]] for top in tops]
            rows = [
                _justified(each, x0, x0 + 690, top, leftward) for top, each in zip(tops, texts, strict=True)
            ]
            blocks.append(_block_of(rows))
            y += 70 * length + 30
    text = "\n\n".join(each.text for each in blocks)
    return Page(0, *SIZE, text, "", tuple(blocks), confidence=0.9, dpi=200.0)


def _block_of(lines: list[Line]) -> Block:
    text = "\n".join(line.text for line in lines)
    return Block(text, Box.around(line.box for line in lines), 0.9, lines=tuple(lines))


def _justified(texts: list[str], x0: int, x1: int, y: int, leftward: bool) -> Line:
    """The words from one side to the other; a letter is as wide as the line has room for."""
    letter = (x1 - x0 - GAP * (len(texts) - 1)) / sum(map(len, texts))
    words, at = [], 0.0
    for text in texts:
        length = letter * len(text)
        left = x1 - at - length if leftward else x0 + at
        words.append(Word(text, Box(round(left), y, round(left + length), y + HEIGHT), 0.9))
        at += length + GAP
    return Line(" ".join(texts), Box.around(word.box for word in words), 0.9, tuple(words))


def _edits(found: str, wanted: str) -> int:
    """Letters to put in, to take out or to change (Levenshtein)."""
    row = list(range(len(wanted) + 1))
    for number, letter in enumerate(found, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(wanted, 1):
            before, row[place] = (
                row[place],
                min(before + (letter != other), row[place] + 1, row[place - 1] + 1),
            )
    return row[-1]


def _in_order(found: list[str], wanted: list[str]) -> float:
    """The share of the wanted words that were found in their order."""
    blocks = SequenceMatcher(None, found, wanted, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted)


@pytest.mark.parametrize(
    "text", ["مرحبا بالعالم، هذا اختبار. للنص 2024 العربي", "דג סקרן שט, בים 12:30 מאוכזב. ולפתע"]
)
def test_stops_and_numbers_within_lines_that_run_to_the_left_stay_where_they_are(
    text: str, intake: Intake, tmp_path: Path
) -> None:
    """In PDFium and pdf.js; pdftotext puts the space on their other side, in other programs' PDFs as well."""
    line = _line(text, 100, leftward=True)
    read = Page(0, *SIZE, text, "", (_block_of([line]),), confidence=0.9, dpi=200.0)
    data = _printed(intake, _png(tmp_path), document(read))
    for found in (_pdfium(data), _pdfjs(data, tmp_path)):
        assert _words(found) == _words(text)


def test_a_page_of_all_scripts_is_given_back_line_by_line(intake: Intake, tmp_path: Path) -> None:
    texts = list(SCRIPTS.values())
    data = _printed(intake, _png(tmp_path), document(_page(*texts)))
    wanted = "\n".join(texts)
    # poppler gives a page one direction, and so moves the number in the Arabic line of this one
    assert _alike(_poppler(data, tmp_path), wanted) > 0.985
    assert _alike(_pdfium(data), wanted) > 0.99


def test_words_are_found_where_they_stand(intake: Intake, tmp_path: Path) -> None:
    data = _printed(intake, _png(tmp_path), document(_page("one three")))
    opened = pypdfium2.PdfDocument(data)
    words = opened[0].get_textpage()
    found = words.search("three").get_next()
    assert found
    boxes = [words.get_charbox(found[0] + place) for place in range(5)]
    opened.close()
    scale = 72 / 200
    left, right = 100 + 3 * LETTER + GAP, 100 + 8 * LETTER + GAP
    assert abs(min(box[0] for box in boxes) - left * scale) < 3
    assert abs(max(box[2] for box in boxes) - right * scale) < 3


def test_the_file_is_sound_named_and_tagged(intake: Intake, tmp_path: Path) -> None:
    data = _printed(intake, _png(tmp_path), document(_page("text")), title="Übung")
    file = tmp_path / "out.pdf"
    file.write_bytes(data)
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
    with pikepdf.open(file) as pdf:
        assert str(pdf.docinfo.Title) == "Übung"
        assert pdf.Root.MarkInfo.Marked
        document_tag = pdf.Root.StructTreeRoot.K[0]
        assert [str(each.S) for each in document_tag.K] == ["/P"]
        assert document_tag.K[0].Pg.objgen == pdf.pages[0].objgen


def test_the_structure_has_the_headings_lists_and_tables_of_the_document(
    intake: Intake, tmp_path: Path
) -> None:
    data = _printed(intake, _png(tmp_path), document(sample().pages[0]))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tree = _tree(pdf.Root.StructTreeRoot.K[0])
        table = next(each for each in pdf.Root.StructTreeRoot.K[0].K if each.S == "/Table")
        spans = [[(int(cell.A.RowSpan), int(cell.A.ColSpan)) for cell in row.K] for row in table.K]
        owners = pdf.Root.StructTreeRoot.ParentTree.Nums[1]
        assert [int(number) for each in owners for number in each.K if isinstance(number, int)] == list(
            range(len(owners))
        )
    nested = ("L", [("LI", [("LBody", [])])])
    items = ("L", [("LI", [("LBody", [nested])])])
    rows = [("TR", [("TH", [])] * 3), ("TR", [("TD", [])] * 2), ("TR", [("TD", [])] * 2)]
    assert tree == ("Document", [("H1", []), ("P", []), items, ("P", []), ("Table", rows)])
    assert spans == [[(1, 1), (1, 1), (2, 1)], [(1, 1), (1, 1)], [(1, 2), (1, 1)]]


def _tree(element: pikepdf.Object) -> tuple[str, list[Any]]:
    """The types of an element and those below it."""
    return str(element.S)[1:], [_tree(each) for each in element.K if isinstance(each, pikepdf.Dictionary)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_keeps_its_bytes_and_is_shown_upright(
    orientation: int, intake: Intake, tmp_path: Path
) -> None:
    shown = Image.new("RGB", (160, 80), "white")
    shown.paste("black", (0, 0, 40, 20))
    stored = shown
    back = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    for way in back.get(orientation, []):
        stored = stored.transpose(way)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = tmp_path / "photo.jpg"
    stored.save(file, quality=95, exif=exif)
    data = _printed(intake, file, document(Page(0, 160, 80, "x", "", dpi=72.0)))
    assert file.read_bytes() in data
    assert _corner_of(data, (160, 80)) == "top left"


@pytest.mark.parametrize("progressive", [False, True])
def test_what_a_camera_puts_behind_a_jpeg_is_left_out_and_a_cut_one_is_packed_anew(
    progressive: bool, intake: Intake, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.jpg"
    noise = Image.effect_noise((160, 80), 90).convert("RGB")
    noise.save(picture, quality=95, progressive=progressive, restart_marker_blocks=2)
    own, file = picture.read_bytes(), tmp_path / "photo.jpg"
    for stored, is_kept in ((own + b"\0\xff\xd8preview\xff\xd9" + bytes(9000), True), (own[:-400], False)):
        file.write_bytes(stored)
        data = _printed(intake, file, document(Page(0, 160, 80, "x", "", dpi=72.0)))
        with pikepdf.open(io.BytesIO(data)) as pdf:
            kept = pdf.pages[0].Resources.XObject.Im0
            assert (kept.read_raw_bytes() == own) == is_kept
            assert (kept.Filter == pikepdf.Name.DCTDecode) == is_kept


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_was_turned_is_upright_and_so_is_its_text(
    rotation: int, intake: Intake, tmp_path: Path
) -> None:
    upright = Image.new("L", SIZE, 255)
    upright.paste(0, (0, 0, 400, 200))
    file = tmp_path / "turned.png"
    upright.rotate(-rotation, expand=True).save(file, dpi=(200, 200))
    read = _page("upright text")
    turned = Page(0, *SIZE, read.text, "", read.blocks, confidence=0.9, dpi=200.0, rotation=rotation)
    data = _printed(intake, file, document(turned))
    assert _corner_of(data, SIZE) == "top left"
    assert _words(_poppler(data, tmp_path)) == ["upright", "text"]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_scanned_pdf_keeps_its_pages_and_gets_text_where_they_show_it(
    rotate: int, intake: Intake, tmp_path: Path
) -> None:
    file = tmp_path / "scan.pdf"
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(620, 860))
        sheet.mediabox = [10, 20, 630, 880]
        sheet.obj.Contents = pdf.make_stream(b"0 0 1 rg 100 100 50 50 re f")
        sheet.obj.Rotate = rotate
        pdf.save(file)
    with intake.open(file) as source:
        size = source.page(0).width, source.page(0).height
    word = Word("here", Box(200, 300, 400, 350), 0.9)
    line = Line("here", word.box, 0.9, (word,))
    read = Page(0, *size, "here", "", (Block("here", word.box, 0.9, lines=(line,)),), dpi=200.0)
    data = _printed(intake, file, document(read))
    opened = pypdfium2.PdfDocument(data)
    sheet = opened[0]
    words = sheet.get_textpage()
    assert words.get_text_range().strip() == "here"
    x0, y0, x1, y1 = words.get_charbox(0)
    px, py = _device(sheet, (x0 + x1) / 2, (y0 + y1) / 2, size)
    opened.close()
    assert 200 < px < 260
    assert 290 < py < 360


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_of_a_pdf_that_was_turned_is_shown_upright(
    rotation: int, rotate: int, intake: Intake, tmp_path: Path
) -> None:
    upright = Image.new("L", SIZE, 255)
    upright.paste(0, (0, 0, 400, 200))
    file = tmp_path / "turned.pdf"
    upright.rotate(rotate - rotation, expand=True).save(file, "PDF", resolution=200)
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.Rotate = rotate
        before = pdf.pages[0].Contents.read_bytes()
        pdf.save(file)
    data = _printed(intake, file, document(replace(_page("upright text here"), rotation=rotation)))
    assert _corner_of(data, SIZE) == "top left"
    for found in (_poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)):
        assert _words(found) == ["upright", "text", "here"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert before in b"".join(each.read_bytes() for each in pdf.pages[0].Contents)


def test_a_pdf_that_says_the_same_by_itself_gets_no_second_text(intake: Intake, tmp_path: Path) -> None:
    file = _born_digital(tmp_path, b"BT /F 20 Tf 50 700 Td (Hello printed world) Tj ET")
    data = _printed(intake, file, document(page(block("Hello printed world"))))
    assert _words(_poppler(data, tmp_path)) == ["Hello", "printed", "world"]


def test_a_page_read_from_its_text_layer_stays_as_it_is(intake: Intake, tmp_path: Path) -> None:
    file = _born_digital(tmp_path, b"BT /F 20 Tf 50 700 Td (own) Tj ET")
    read = block("other words")
    read = replace(read, lines=(replace(read.lines[0], confidence=1.0),))
    kept = replace(page(read), source=Source.TEXT_LAYER)
    assert _words(_poppler(_printed(intake, file, document(kept)), tmp_path)) == ["own"]


def test_a_bad_invisible_layer_is_replaced(intake: Intake, tmp_path: Path) -> None:
    file = _born_digital(tmp_path, b"BT 3 Tr /F 20 Tf 50 700 Td (xq zzv) Tj ET")
    data = _printed(intake, file, document(page(block("Right words"))))
    assert _words(_poppler(data, tmp_path)) == ["Right", "words"]


def test_visible_text_that_lies_is_drawn_as_before_and_said_no_more(intake: Intake, tmp_path: Path) -> None:
    file = _lying(tmp_path)
    data = _printed(intake, file, document(page(block("Right words")), page(block("Right again"), index=1)))
    for text in (_poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)):
        assert _words(text) == ["Right", "words", "Right", "again"]
    for index in (0, 1):
        assert _rendered(data, (300, 400), index) == _rendered(file.read_bytes(), (300, 400), index)


def test_a_font_that_is_silenced_on_one_page_speaks_on_another(intake: Intake, tmp_path: Path) -> None:
    sound = replace(page(index=1), source=Source.TEXT_LAYER)
    data = _printed(intake, _lying(tmp_path), document(page(block("Right words")), sound))
    for text in (_poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)):
        assert "".join(_words(text)) == "Rightwordslielielie"


def test_what_a_picture_says_on_a_page_of_text_is_found_beside_it(intake: Intake, tmp_path: Path) -> None:
    file = _born_digital(tmp_path, b"BT /F 20 Tf 50 700 Td (own) Tj ET")
    own, sign = block("own"), block("sign", y=900)
    own = replace(own, lines=(replace(own.lines[0], confidence=1.0),))
    data = _printed(intake, file, document(replace(page(own, sign), source=Source.TEXT_LAYER)))
    for text in (_poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)):
        assert _words(text) == ["own", "sign"]


def test_nothing_in_the_file_acts(intake: Intake, tmp_path: Path) -> None:
    file = tmp_path / "acting.pdf"
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(200, 200))
        link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org/")
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        sheet.obj.Annots = pikepdf.Array(
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=each)
            for each in (link, launch, script)
        )
        sheet.obj.AA = pikepdf.Dictionary(O=script)
        pdf.Root.OpenAction = script
        pdf.attachments["x.exe"] = b"MZ"
        pdf.save(file)
    with pikepdf.open(io.BytesIO(_printed(intake, file, document(Page(0, 556, 556))))) as found:
        text = b"".join(each.unparse(resolved=True) for each in found.objects)
        assert b"https://example.org/" in text
        for word in (b"JavaScript", b"Launch", b"OpenAction", b"EmbeddedFile", b"calc.exe", b"/AA"):
            assert word not in text


def test_what_a_page_says_does_no_harm_in_the_file(intake: Intake, tmp_path: Path) -> None:
    bad = "a\x00b\x1bc \u202egnp.exe\u2066 half\ud83d \ufffe )Tj ET\\) <</S/JavaScript>> \U000e0041 end"
    data = _printed(intake, _png(tmp_path), document(_page(bad)), title=bad)
    file = tmp_path / "out.pdf"
    file.write_bytes(data)
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
    with pikepdf.open(file) as pdf:
        title = str(pdf.docinfo.Title)
        shown = b"".join(each.read_bytes() for each in pdf.pages[0].Contents)
    assert b"JavaScript" not in shown
    said = _poppler(data, tmp_path), _pdfium(data), _pdfjs(data, tmp_path)
    for text in (title, *said):
        assert not set(text) & set("\x00\x1b\u202e\u2066\ufffe\ud83d\U000e0041")
        assert _words(text) == _words(title)


def test_only_the_pages_that_were_asked_for_are_in_it(intake: Intake, tmp_path: Path) -> None:
    file = tmp_path / "three.pdf"
    with pikepdf.new() as pdf:
        for width in (100, 200, 300):
            pdf.add_blank_page(page_size=(width, 100))
        pdf.save(file)
    data = _printed(intake, file, document(Page(0, 278, 278), Page(2, 834, 278)))
    with pikepdf.open(io.BytesIO(data)) as found:
        assert [int(each.mediabox[2]) for each in found.pages] == [100, 300]


@pytest.mark.parametrize("name", ["1", "L", "P", "RGB", "RGBA", "webp", "gif"])
def test_pictures_look_as_before_and_cost_little_more(name: str, intake: Intake, tmp_path: Path) -> None:
    drawn = Image.new("RGB", (400, 300), "white")
    for step in range(20):
        drawn.paste(
            (step * 12, 80, 200) if name in ("RGB", "RGBA", "webp") else "black",
            (step * 20, 0, step * 20 + 9, 150),
        )
    ending = name if name in ("webp", "gif") else "png"
    file = tmp_path / f"picture.{ending}"
    (drawn if ending != "png" else drawn.convert(name)).save(file)
    data = _printed(intake, file, document(Page(0, 400, 300, dpi=72.0)))
    assert len(data) < 1.1 * file.stat().st_size + 15_000
    with intake.open(file) as source:
        before = source.page(0).pixels
    after = _rendered(data, (400, 300))
    grey = Image.fromarray(before).convert("L")
    differing = sum(
        abs(a - b) > 60 for a, b in zip(grey.tobytes(), after.convert("L").tobytes(), strict=True)
    )
    assert differing < 0.02 * 400 * 300


@pytest.mark.parametrize("rows", [300, 64])
@pytest.mark.parametrize("white_is_zero", [True, False])
def test_a_fax_stays_a_fax(rows: int, white_is_zero: bool, intake: Intake, tmp_path: Path) -> None:
    drawn = Image.new("1", (400, 300), 1)
    drawn.paste(0, (0, 0, 100, 60))
    file = tmp_path / "fax.tif"
    drawn.save(file, compression="group4", tiffinfo={278: rows, 262: 0 if white_is_zero else 1})
    with Image.open(file) as saved:
        tags = saved.tag_v2  # type: ignore[attr-defined]
        own = file.read_bytes()[tags[273][0] : tags[273][0] + tags[279][0]]
    data = _printed(intake, file, document(Page(0, 400, 300, dpi=72.0)))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        picture = pdf.pages[0].Resources.XObject.Im0
        assert picture.Filter == pikepdf.Name.CCITTFaxDecode
        assert (picture.read_raw_bytes() == own) == (rows == 300)
    with intake.open(file) as source:
        before = Image.fromarray(source.page(0).pixels)
    assert _rendered(data, (400, 300)).convert("L").tobytes() == before.convert("L").tobytes()


def test_without_the_upload_there_is_no_pdf() -> None:
    with pytest.raises(NoPagesLeft, match="deleted"):
        format_named("pdf").write(reading_of(document(_page("x"))), io.BytesIO())


@pytest.mark.parametrize(
    ("word", "seen"),
    [("abc", "abc"), ("שלום", "םולש"), ("(שלום)", ")םולש("), ("ב-2024", "2024-ב"), ("12:30", "12:30")],
)
def test_a_word_is_laid_down_as_it_is_printed(word: str, seen: str) -> None:
    assert as_seen(word) == seen


def _born_digital(folder: Path, content: bytes) -> Path:
    file = folder / "own.pdf"
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        sheet.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        sheet.obj.Contents = pdf.make_stream(content)
        pdf.save(file)
    return file


def _lying(folder: Path) -> Path:
    """Two pages that say `lie` thrice: in a font of one byte, in one of two, and in a form."""
    file, name = folder / "lying.pdf", pikepdf.Name
    with pikepdf.new() as pdf:
        program = pdf.make_stream(FONT.read_bytes())
        about = pikepdf.Dictionary(Type=name.FontDescriptor, FontName=name.D, Flags=4, FontFile2=program)
        system = pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0)
        inner = pikepdf.Dictionary(Type=name.Font, Subtype=name.CIDFontType2, BaseFont=name.D, DW=600)
        inner.CIDSystemInfo, inner.FontDescriptor = system, pdf.make_indirect(about)
        wide = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type0, BaseFont=name.D)
        wide.Encoding, wide.DescendantFonts = name("/Identity-H"), pikepdf.Array([pdf.make_indirect(inner)])
        wide.ToUnicode = pdf.make_stream(
            b"/CMapType 2 def begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange "
            b"1 beginbfchar <0041> <006C00690065> endbfchar endcmap"
        )
        narrow = pikepdf.Dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Helvetica)
        fonts = pikepdf.Dictionary(N=pdf.make_indirect(narrow), W=pdf.make_indirect(wide))
        form = pdf.make_stream(b"BT /N 20 Tf 200 700 Td (lie) Tj ET")
        form.Type, form.Subtype, form.BBox = name.XObject, name.Form, [0, 0, 595, 842]
        form.Resources = pikepdf.Dictionary(Font=fonts)
        for _ in range(2):
            sheet = pdf.add_blank_page(page_size=(595, 842))
            sheet.obj.Resources = pikepdf.Dictionary(Font=fonts, XObject=pikepdf.Dictionary(Fm=form))
            sheet.obj.Contents = pdf.make_stream(
                b"BT /N 20 Tf 50 700 Td (lie) Tj ET BT /W 20 Tf 120 700 Td <0041> Tj ET /Fm Do"
            )
        pdf.save(file)
    return file


def _rendered(data: bytes, size: tuple[int, int], index: int = 0) -> Image.Image:
    opened = pypdfium2.PdfDocument(data)
    page = opened[index]
    drawn = page.render(scale=size[0] / page.get_width()).to_pil().convert("RGB").resize(size)
    opened.close()
    return drawn


def _corner_of(data: bytes, size: tuple[int, int]) -> str:
    """The corner in which the black rectangle is drawn."""
    drawn = _rendered(data, size).convert("L")
    width, height = size
    places = {"top left": (9, 9), "top right": (width - 9, 9)}
    places |= {"bottom left": (9, height - 9), "bottom right": (width - 9, height - 9)}
    return " and ".join(name for name, place in places.items() if drawn.getpixel(place) < 128)  # type: ignore[operator]


def _device(sheet: pypdfium2.PdfPage, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
    """A point of the page's space in pixels of the page as it is shown."""
    import ctypes

    dx, dy = ctypes.c_int(), ctypes.c_int()
    pypdfium2.raw.FPDF_PageToDevice(sheet, 0, 0, *size, 0, x, y, dx, dy)
    return dx.value, dy.value
