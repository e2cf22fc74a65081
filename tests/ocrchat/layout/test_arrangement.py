from __future__ import annotations

from ocrchat.model import BlockType, Box
from tests.ocrchat.layout.drawn import of, piece

ROWS = [
    ("Fruit", "2023", "2024"),
    ("apples", "1.00", "2.00"),
    ("pears", "", "4.00"),
    ("figs", "5.00", "6.00"),
]
TABLE = [
    piece(text, x, 200 + 30 * row)
    for row, texts in enumerate(ROWS)
    for text, x in zip(texts, (100, 400, 600), strict=True)
    if text
]
ABOVE = [piece("some lines of text that stand above the table and run on", 100, y) for y in (100, 130)]
BELOW = [piece("and others that stand below it and run on like the first ones", 100, y) for y in (380, 410)]


def test_a_table_stands_in_its_place_in_the_text() -> None:
    page = of([*BELOW, *TABLE, *ABOVE])
    assert [block.type for block in page.blocks] == [
        BlockType.PARAGRAPH,
        BlockType.TABLE,
        BlockType.PARAGRAPH,
    ]
    (table,) = page.tables
    assert page.blocks[1].table == 0
    assert [cell.text for cell in table.cells] == [text for row in ROWS for text in row]
    assert table.box == Box(100, 200, 640, 310)
    assert "| pears |  | 4.00 |" in page.markdown
    assert "pears\t\t4.00" in page.text


def test_each_word_is_said_once() -> None:
    pieces = [*ABOVE, *TABLE, *BELOW, piece("a part of 12 and 14", 100, 320)]
    page = of(pieces, Box(90, 190, 650, 192), Box(90, 226, 650, 228), Box(90, 315, 650, 317))
    said = sorted(
        (word.text, word.box.x0, word.box.y0)
        for block in page.blocks
        for line in block.lines
        for word in line.words
    )
    assert said == sorted(
        (word.text, word.box.x0, word.box.y0) for each in pieces for word in each.line.words
    )


def test_a_table_that_spans_cells_is_html_in_markdown() -> None:
    rules = [Box(0, y, 601, y + 2) for y in (0, 40, 80)]
    rules += [Box(0, 0, 2, 82), Box(599, 0, 601, 82), Box(300, 40, 302, 82)]
    page = of([piece("a title over both", 180, 10), piece("left", 20, 50), piece("right", 320, 50)], *rules)
    assert page.markdown == (
        '<table>\n<tr><th colspan="2">a title over both</th></tr>\n'
        "<tr><td>left</td><td>right</td></tr>\n</table>"
    )


def test_lines_go_on_after_an_item_whose_bullet_is_taller_than_its_letters() -> None:
    words = ("that an item has so many words of", "that it takes two lines of them all")
    pieces = []
    for top in (100, 160, 220):
        bullet = piece("\u2022", 100, top - 10, 36)
        pieces += [bullet, piece(words[0], 150, top), piece(words[1], 150, top + 28)]
    page = of(pieces)
    assert [block.type for block in page.blocks] == [BlockType.LIST] * 3
    assert page.markdown == "\n".join([f"- {words[0]} {words[1]}"] * 3)


def test_a_drawn_line_parts_a_caption_from_what_it_names() -> None:
    texts = ["Listing 1: A program", "function add(a, b) and return", "what they are together and more"]
    prose = [
        piece("some lines of text that stand above the caption", 100, 100 + 28 * row) for row in range(4)
    ]
    pieces = prose + [piece(text, 100, 240 + 28 * row) for row, text in enumerate(texts)]
    ruled = of(pieces, Box(90, 263, 700, 265))
    assert "Listing 1: A program" in [block.text for block in ruled.blocks]
    assert "Listing 1: A program" not in [block.text for block in of(pieces).blocks]
