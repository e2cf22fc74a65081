from __future__ import annotations

from ocrchat.model import BlockType
from tests.ocrchat.layout.drawn import lines, of, piece

TEXT = [
    "these are the words of a paragraph that fills its lines",
    "and goes on to a second one of the same width ok",
]


def test_items_of_a_list_have_their_depth() -> None:
    items = [
        piece("• first item", 100, 200),
        piece("• second item whose text goes on and on until the line", 100, 228),
        piece("is full", 120, 256),
        piece("◦ deeper", 140, 284),
        piece("◦ deeper again", 140, 312),
        piece("• third", 100, 340),
    ]
    page = of([*lines(TEXT, 100, 100), *items, *lines(TEXT, 100, 420)])
    assert [(block.type, block.level) for block in page.blocks] == [
        (BlockType.PARAGRAPH, None),
        (BlockType.LIST, 1),
        (BlockType.LIST, 1),
        (BlockType.LIST, 2),
        (BlockType.LIST, 2),
        (BlockType.LIST, 1),
        (BlockType.PARAGRAPH, None),
    ]
    assert page.markdown.split("\n\n")[1] == (
        "- first item\n- second item whose text goes on and on until the line is full\n"
        "    - deeper\n    - deeper again\n- third"
    )


def test_numbers_that_follow_one_another_are_a_list() -> None:
    page = of([*lines(TEXT, 100, 100), *lines(["7. seven", "8. eight", "9. nine"], 100, 200)])
    assert page.markdown.endswith("7. seven\n8. eight\n9. nine")


def test_a_number_by_itself_is_no_list() -> None:
    page = of(lines(["1999. That was the year", "of which we speak here"], 100, 100))
    assert [block.type for block in page.blocks] == [BlockType.PARAGRAPH]
    assert page.markdown.startswith("1999\\.")


def test_dashes_are_items_only_beside_others() -> None:
    assert of(lines(["- one", "- two"], 100, 100)).markdown == "- one\n- two"
    assert of(lines(["- a thought of one's own"], 100, 100)).markdown == "\\- a thought of one's own"


def test_letters_of_items_are_kept() -> None:
    assert of(lines(["a) one", "b) two"], 100, 100)).markdown == "- a) one\n- b) two"


def test_short_bold_lines_are_headings() -> None:
    page = of([piece("A Bold Name", 100, 60, bold=True), *lines(TEXT, 100, 100), piece("not bold", 100, 200)])
    assert [(block.type, block.level) for block in page.blocks] == [
        (BlockType.HEADING, 1),
        (BlockType.PARAGRAPH, None),
        (BlockType.PARAGRAPH, None),
    ]


def test_size_ranks_headings_and_a_pixel_does_not() -> None:
    sizes = [("Title", 60, 48), ("Section", 200, 30), ("Another", 300, 31)]
    headings = [piece(text, 100, y, height) for text, y, height in sizes]
    page = of([*headings, *lines(TEXT, 100, 400), *lines(TEXT, 100, 480)])
    assert [block.level for block in page.blocks if block.type is BlockType.HEADING] == [1, 2, 2]


def test_a_page_all_in_bold_has_no_headings_by_weight() -> None:
    pieces = [piece(text, 100, 100 + 60 * row, bold=True) for row, text in enumerate(["One", "Two", "Three"])]
    assert {block.type for block in of(pieces).blocks} == {BlockType.PARAGRAPH}


def test_what_names_a_table_is_its_caption() -> None:
    caption = [piece("Table 3: What was sold", 100, 170)]
    page = of(
        [
            *lines(TEXT, 100, 60),
            *caption,
            *lines(["Table 3 shows what was sold and to whom it was", *TEXT], 100, 260),
        ]
    )
    assert [str(block.type) for block in page.blocks] == ["paragraph", "caption", "paragraph"]


def test_small_notes_at_the_foot_are_footnotes_one_each() -> None:
    body = lines(TEXT * 4, 100, 60)
    notes = [
        piece("1 See the first book of the series.", 100, 600, 16),
        piece("2 The second book says more about it, and goes on to", 100, 620, 16),
        piece("another line.", 100, 640, 16),
    ]
    page = of([*body, *notes])
    assert [(str(block.type), block.text) for block in page.blocks[1:]] == [
        ("footnote", "1 See the first book of the series."),
        ("footnote", "2 The second book says more about it, and goes on to\nanother line."),
    ]


def test_small_print_above_text_is_no_footnote() -> None:
    page = of([piece("1 a small line", 100, 60, 16), *lines(TEXT * 3, 100, 120)])
    assert {block.type for block in page.blocks} == {BlockType.PARAGRAPH}
