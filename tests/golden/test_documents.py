"""Documents with known structure are read as exactly that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from ocrchat.layout.arrangement import Piece, arranged
from ocrchat.layout.reading_order import Flow
from ocrchat.model import BlockType, Box, Line, Page, PageImage, Source, Word
from ocrchat.options import Options
from ocrchat.pipeline import page_read
from ocrchat.sources import Intake
from tests.golden.documents import box, column, paragraph, picture, prose, rule, saved, text


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    """A door for files."""
    with Intake() as opened:
        yield opened


def unread(image: PageImage, options: Options) -> Page:
    """An engine that sees nothing in the pictures."""
    return Page(0, image.pixels.shape[1], image.pixels.shape[0])


def read(intake: Intake, content: Sequence[str], folder: Path, *, turned: bool = False) -> Page:
    file = saved("\n".join(content), folder / "page.pdf", turned)
    with intake.open(file) as source:
        page = page_read(source, 0, unread, Options())
    assert page.source is Source.TEXT_LAYER
    return page


def markdown(*parts: str) -> str:
    return "\n\n".join(parts)


LEFT, RIGHT = [prose(1, 30), prose(2, 25), prose(3, 35)], [prose(4, 40), prose(5, 30), prose(6, 20)]


def test_two_columns(intake: Intake, tmp_path: Path) -> None:
    left, _ = column(LEFT, 60, 130, 42)
    right, _ = column(RIGHT, 320, 130, 42)
    page = read(intake, [text("A Page in Two Columns", 60, 90, 22), *right, *left], tmp_path)
    assert page.markdown == markdown("# A Page in Two Columns", *LEFT, *RIGHT)


def test_three_columns_under_a_summary(intake: Intake, tmp_path: Path) -> None:
    summary = prose(9, 40)
    over, below = paragraph(summary, 60, 90, 95)
    columns = [
        column([prose(n, 30), prose(n + 1, 25)], x, below + 20, 26)[0]
        for n, x in ((10, 60), (20, 235), (30, 410))
    ]
    page = read(intake, [*over, *columns[2], *columns[0], *columns[1]], tmp_path)
    assert page.markdown == markdown(
        summary, *(prose(n + i, 30 - 5 * i) for n in (10, 20, 30) for i in (0, 1))
    )


def test_columns_are_read_to_their_ends_past_a_picture(intake: Intake, tmp_path: Path) -> None:
    """It stands across the middle of two columns of three, with its caption."""
    first = [prose(1, 40), prose(2, 40)]
    columns = {235: (prose(4, 25), prose(5, 20)), 410: (prose(6, 25), prose(7, 20))}
    content = column(first, 60, 100, 26)[0]
    for x, (top, end) in columns.items():
        content += column([top], x, 100, 26)[0] + column([end], x, 480, 26)[0]
    caption = "Figure 1: A thing seen from above"
    page = read(intake, [picture(235, 290, 560, 430), *content, text(caption, 235, 450)], tmp_path)
    (top, end), others = columns.values()
    assert page.markdown == markdown(*first, top, caption, end, *others)


def test_a_framed_sidebar_is_read_by_itself(intake: Intake, tmp_path: Path) -> None:
    left, _ = column([prose(1, 60), prose(2, 60), prose(3, 60)], 60, 100, 55)
    aside, end = column([prose(4, 15), prose(5, 15)], 400, 130, 26)
    page = read(intake, [*left, box(390, 110, 560, end), *aside], tmp_path)
    assert page.markdown == markdown(*(prose(n, 60) for n in (1, 2, 3)), prose(4, 15), prose(5, 15))


def test_authors_side_by_side_are_read_one_after_the_other(intake: Intake, tmp_path: Path) -> None:
    authors = [("Ada Lovelace", "University of Here", "ada@here.example"),
               ("Charles Babbage", "Institute of There", "charles@there.example"),
               ("Mary Somerville", "College of Elsewhere", "mary@else.example")]  # fmt: skip
    names = [
        text(line, 70 + 180 * n, 140 + 13 * row)
        for n, lines in enumerate(authors)
        for row, line in enumerate(lines)
    ]
    left, _ = column(LEFT, 60, 230, 42)
    right, _ = column(RIGHT, 320, 230, 42)
    page = read(intake, [text("A Paper by Three People", 140, 90, 22), *names, *left, *right], tmp_path)
    order = [page.text.index(line) for lines in authors for line in lines]
    assert order == sorted(order)
    assert page.tables == ()
    assert page.markdown.endswith(markdown(*LEFT, *RIGHT))


def test_nested_lists(intake: Intake, tmp_path: Path) -> None:
    content = [
        *paragraph(prose(1, 30), 60, 90, 90)[0],
        text("• the first of them", 75, 150),
        text("• the second, which has others below it and is long enough to need another line of", 75, 164),
        text("its own", 83, 177),
        text("– deeper down", 95, 191),
        text("– and another", 95, 205),
        text("1. counted", 115, 219),
        text("2. and counted on", 115, 233),
        text("• the third", 75, 247),
        *paragraph(prose(2, 30), 60, 290, 90)[0],
    ]
    page = read(intake, content, tmp_path)
    assert page.markdown == markdown(
        prose(1, 30),
        "- the first of them\n"
        "- the second, which has others below it and is long enough to need another line of its own\n"
        "    - deeper down\n    - and another\n"
        "        1. counted\n        2. and counted on\n"
        "- the third",
        prose(2, 30),
    )


def test_a_table_with_spans(intake: Intake, tmp_path: Path) -> None:
    xs, ys = (80, 200, 290, 380, 470), (150, 172, 194, 216, 238)
    lines = [rule(80, y, 470, y) for y in (ys[0], *ys[2:])]
    lines += [rule(x, ys[0], x, ys[-1]) for x in (80, 200, 380, 470)]
    lines += [rule(200, ys[1], 380, ys[1]), rule(290, ys[1], 290, ys[-1])]
    rows = [
        ("Region", "Goods", None, "Sum"),
        (None, "Wood", "Iron", None),
        ("North", "12.5", "", "12.5"),
        ("South", "7", "81", "88"),
    ]
    words = [
        text(word, xs[c] + 6, ys[r] + 15) for r, row in enumerate(rows) for c, word in enumerate(row) if word
    ]
    above, _ = paragraph(prose(1, 30), 60, 90, 90)
    below, _ = paragraph(prose(2, 30), 60, 290, 90)
    page = read(intake, [*above, *lines, *words, text("Table 1: Sales of a year", 80, 260), *below], tmp_path)
    (table,) = page.tables
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in table.cells] == [
        ("Region", 0, 0, 2, 1), ("Goods", 0, 1, 1, 2), ("Sum", 0, 3, 2, 1),
        ("Wood", 1, 1, 1, 1), ("Iron", 1, 2, 1, 1),
        ("North", 2, 0, 1, 1), ("12.5", 2, 1, 1, 1), ("", 2, 2, 1, 1), ("12.5", 2, 3, 1, 1),
        ("South", 3, 0, 1, 1), ("7", 3, 1, 1, 1), ("81", 3, 2, 1, 1), ("88", 3, 3, 1, 1),
    ]  # fmt: skip
    assert table.header_rows == 2
    parts = page.markdown.split("\n\n")
    assert (parts[0], parts[2:]) == (prose(1, 30), ["Table 1: Sales of a year", prose(2, 30)])
    assert '<th rowspan="2">Region</th><th colspan="2">Goods</th>' in parts[1]


def test_footnotes(intake: Intake, tmp_path: Path) -> None:
    body, _ = column([prose(1, 60), prose(2, 60)], 60, 100, 95)
    notes = ["1 The first note says a little.", "2 The second note says more."]
    foot = [text(note, 60, 700 + 11 * row, 8) for row, note in enumerate(notes)]
    page = read(intake, [*body, rule(60, 688, 160, 688), *foot], tmp_path)
    assert [(str(block.type), block.text) for block in page.blocks[-2:]] == [
        ("footnote", note) for note in notes
    ]
    assert page.markdown == markdown(prose(1, 60), prose(2, 60), *notes)


def test_a_page_upside_down(intake: Intake, tmp_path: Path) -> None:
    left, _ = column(LEFT, 60, 130, 42)
    right, _ = column(RIGHT, 320, 130, 42)
    page = read(intake, [text("A Page in Two Columns", 60, 90, 22), *left, *right], tmp_path, turned=True)
    assert page.markdown == markdown("# A Page in Two Columns", *LEFT, *RIGHT)


def test_a_page_read_from_the_right() -> None:
    """Two columns of Hebrew words: the right one first, a list with its marks at the right."""
    words = ["שלום", "עולם", "ספר", "בית", "דרך", "מים", "אור", "יום"]

    def line(start: int, right: int, y: int, mark: str = "") -> Piece:
        said = [*([mark] if mark else []), *(words[(start + n) % 8] + str(start) for n in range(5))]
        drawn, at = [], right
        for word in said:
            drawn.append(Word(word, Box(at - 10 * len(word), y, at, y + 20), 1.0))
            at -= 10 * (len(word) + 1)
        box = Box.around(word.box for word in drawn)
        quad = np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]], np.float32)
        return Piece(quad, Line(" ".join(said), box, 1.0, tuple(drawn)))

    right = [line(n, 900, 100 + 28 * n) for n in range(8)]
    items = [line(20 + n, 900, 400 + 28 * n, "•") for n in range(2)]
    left = [line(10 + n, 420, 100 + 28 * n) for n in range(8)]
    page = arranged([*left, *items, *right], Flow.RIGHT_TO_LEFT, spaced=True)
    said = [[each.line.text for each in part] for part in (right, items, left)]
    assert page.markdown == markdown(
        " ".join(said[0]), "\n".join(f"- {text[2:]}" for text in said[1]), " ".join(said[2])
    )


def test_a_figure_stands_between_its_paragraphs_and_before_its_caption(
    intake: Intake, tmp_path: Path
) -> None:
    """Icons and bars are no figures."""
    above, _ = paragraph(prose(1, 60), 60, 90, 90)
    below, _ = paragraph(prose(2, 60), 60, 480, 90)
    content = [
        *above,
        picture(60, 60, 72, 72),
        picture(150, 200, 460, 420),
        text("Figure 1: A thing seen from above", 150, 440),
        *below,
        picture(60, 700, 550, 710),
    ]
    page = read(intake, content, tmp_path)
    assert [str(block.type) for block in page.blocks] == ["paragraph", "figure", "caption", "paragraph"]
    (figure,) = [block for block in page.blocks if block.type is BlockType.FIGURE]
    sides = (figure.box.x0, figure.box.y0, figure.box.x1, figure.box.y1)
    scale = page.width / 612
    assert sides == pytest.approx([side * scale for side in (150, 200, 460, 420)], abs=2)
    assert page.markdown == markdown(prose(1, 60), "Figure 1: A thing seen from above", prose(2, 60))


def test_the_tiles_of_one_picture_are_one_figure(intake: Intake, tmp_path: Path) -> None:
    above, _ = paragraph(prose(1, 60), 60, 90, 90)
    tiles = [
        picture(100 + 90 * n, 250 + 60 * m, 190 + 90 * n, 310 + 60 * m) for n in range(3) for m in range(2)
    ]
    page = read(intake, [*above, *tiles], tmp_path)
    assert [str(block.type) for block in page.blocks] == ["paragraph", "figure"]


def test_a_letter_keeps_the_lines_of_its_addresses(intake: Intake, tmp_path: Path) -> None:
    """The reader's at the left, the sender's at the right, the names under it; the letter itself runs on."""
    reader = ["Erika Musterfrau", "Hauptstr. 1", "12345 Berlin"]
    sender = ["Robert Schneider AG", "Rue du Lac 1268", "2501 Biel"]
    names = ["Yours sincerely,", "Robert Schneider", "Head of Sales"]
    body, end = column([prose(1, 60), prose(2, 40)], 60, 260, 90)
    content = [text(line, 400, 70 + 13 * row) for row, line in enumerate(sender)]
    content += [text(line, 60, 150 + 13 * row) for row, line in enumerate(reader)]
    content += [*body, *(text(line, 60, end + 20 + 13 * row) for row, line in enumerate(names))]
    page = read(intake, content, tmp_path)
    kept = ["\\\n".join(lines) for lines in (sender, reader, names)]
    assert page.markdown == markdown(kept[0], kept[1], prose(1, 60), prose(2, 40), kept[2])


def test_pictures_that_overlap_are_one_figure(intake: Intake, tmp_path: Path) -> None:
    above, _ = paragraph(prose(1, 60), 60, 90, 90)
    content = [*above, picture(100, 250, 260, 400), picture(240, 300, 420, 430), picture(100, 500, 260, 600)]
    page = read(intake, content, tmp_path)
    figures = [block for block in page.blocks if block.type is BlockType.FIGURE]
    scale = page.width / 612
    assert [(f.box.x0, f.box.x1) for f in figures] == [
        pytest.approx((side * scale, other * scale), abs=2) for side, other in ((100, 420), (100, 260))
    ]
