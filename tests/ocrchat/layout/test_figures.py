from __future__ import annotations

from ocrchat.layout.arrangement import Arrangement, Piece, arranged
from ocrchat.layout.marks import Marks, quads_of
from ocrchat.layout.reading_order import Flow
from ocrchat.model import BlockType, Box
from tests.ocrchat.layout.drawn import lines, piece

WORDS = "these are the words of a paragraph that fills its lines"


def page(pieces: list[Piece], *pictures: Box, rules: tuple[Box, ...] = ()) -> Arrangement:
    marks = Marks(rules=quads_of(rules), pictures=quads_of(pictures))
    return arranged(pieces, Flow.LEFT_TO_RIGHT, spaced=True, marks=marks)


def order(arrangement: Arrangement) -> list[str]:
    return [block.text.split("\n")[0] if block.text else str(block.type) for block in arrangement.blocks]


def column(word: str, x: int, y: int, count: int = 5) -> list[Piece]:
    return lines([f"{word}{n} {WORDS}" for n in range(count)], x, y)


def test_a_picture_between_two_paragraphs_is_a_figure_between_them() -> None:
    picture = Box(150, 300, 600, 600)
    read = page([*column("over", 100, 100), *column("under", 100, 650)], picture)
    assert order(read) == [f"over0 {WORDS}", "figure", f"under0 {WORDS}"]
    figure = read.blocks[1]
    assert (figure.box, figure.lines, figure.confidence) == (picture, (), 1.0)
    assert read.text.count("\n\n") == read.markdown.count("\n\n") == 1


def test_a_figure_stands_by_its_caption_under_it_and_over_it() -> None:
    under = [*column("over", 100, 100), piece("Figure 1: A thing", 150, 610), *column("under", 100, 700)]
    assert order(page(under, Box(150, 300, 600, 600)))[1:3] == ["figure", "Figure 1: A thing"]
    over = [*column("over", 100, 100), piece("Fig. 2 A thing", 150, 300), *column("under", 100, 700)]
    read = page(over, Box(150, 330, 600, 650))
    assert order(read)[1:3] == ["Fig. 2 A thing", "figure"]
    assert read.blocks[1].type is BlockType.CAPTION


def test_a_number_that_was_read_as_a_letter_names_a_figure_too() -> None:
    read = page([*column("over", 100, 100), piece("Figure l: A thing", 150, 610)], Box(150, 300, 600, 600))
    assert [block.type for block in read.blocks][1:] == [BlockType.FIGURE, BlockType.CAPTION]


def test_a_name_without_a_stop_is_no_caption_far_from_any_figure() -> None:
    far = [*column("over", 100, 100), piece("Figure 2 shows a thing", 150, 900)]
    assert page(far, Box(150, 300, 600, 600)).blocks[-1].type is not BlockType.CAPTION


def test_a_sentence_that_names_a_figure_is_no_caption_though_it_stands_by_it() -> None:
    near = [*column("over", 100, 100), piece("Figure 2 shows a thing", 150, 610)]
    assert page(near, Box(150, 300, 600, 600)).blocks[-1].type is BlockType.PARAGRAPH


def test_a_figure_on_top_of_the_second_column_is_read_with_that() -> None:
    title = piece("A title that runs over both of the columns and is set large", 100, 40, 40)
    left, right = column("left", 100, 150, 20), column("right", 800, 500, 8)
    read = page([title, *left, *right], Box(800, 150, 1400, 450))
    assert order(read)[1:] == [f"left0 {WORDS}", "figure", f"right0 {WORDS}"]


def test_a_figure_at_the_foot_of_the_first_column_is_read_with_that() -> None:
    left, right = column("left", 100, 150, 8), column("right", 800, 150, 20)
    foot = piece(
        "a line that stands under both of the columns and says where they were printed, and when", 100, 900
    )
    read = page([*left, *right, foot], Box(100, 450, 650, 700))
    assert order(read)[:3] == [f"left0 {WORDS}", "figure", f"right0 {WORDS}"]


def test_a_figure_moves_no_text() -> None:
    pieces = [*column("left", 100, 150, 8), *column("right", 800, 150, 20)]
    without, shown = page(pieces), page(pieces, Box(100, 450, 1400, 700), Box(300, 180, 500, 400))
    assert (shown.text, shown.markdown) == (without.text, without.markdown)


def test_the_words_of_a_chart_follow_it_and_stay_blocks() -> None:
    labels = [piece("Jan", 180, 560), piece("Feb", 400, 560), piece("100 %", 160, 320)]
    read = page([*column("over", 100, 100), *labels, *column("under", 100, 700)], Box(150, 300, 600, 600))
    said = order(read)
    assert said.index("figure") == 1
    assert {word for text in said for word in text.split()} >= {"Jan", "Feb", "100", "%"}


def test_the_ground_of_a_paragraph_is_no_figure() -> None:
    read = page([*column("over", 100, 100), *column("on", 100, 400, 8)], Box(90, 390, 660, 640))
    assert "figure" not in order(read)


def test_a_picture_of_a_table_is_a_table() -> None:
    xs, ys = (200, 600, 900, 1200), (300, 340, 380, 420)
    rules = [Box(xs[0], y, xs[-1], y + 2) for y in ys] + [Box(x, ys[0], x + 2, ys[-1]) for x in xs]
    cells = [piece(f"{r * 3 + c}", xs[c] + 10, ys[r] + 10) for r in range(3) for c in range(3)]
    read = page([*column("over", 100, 100), *cells], Box(190, 290, 1210, 430), rules=tuple(rules))
    assert [block.type for block in read.blocks][-1] is BlockType.TABLE
    assert "figure" not in order(read)


def test_a_page_with_nothing_but_a_picture_has_its_figure() -> None:
    assert order(page([], Box(100, 100, 700, 500))) == ["figure"]


def test_two_figures_side_by_side_are_read_from_the_left() -> None:
    read = page(column("over", 100, 100), Box(420, 300, 650, 500), Box(100, 302, 400, 500))
    assert [block.box.x0 for block in read.blocks if block.type is BlockType.FIGURE] == [100, 420]
