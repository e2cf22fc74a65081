from __future__ import annotations

from ocrchat.layout.blocks import Row, grouped
from ocrchat.layout.kinds import told_apart
from ocrchat.layout.rules import Rule
from ocrchat.model import BlockType, Box, Line


def row(
    y: float, x0: float = 100, x1: float = 900, height: float = 24, text: str = "some words of text"
) -> Row:
    box = Box(int(x0), int(y), int(x1), int(y + height))
    return Row(Line(text, box, 1.0), x0, y, x1, y + height)


def sizes(*rows: Row) -> list[int]:
    return [len(group.rows) for group in grouped(rows)]


def test_nothing_makes_no_groups() -> None:
    assert grouped([]) == ()


def test_even_lines_are_one_paragraph() -> None:
    assert sizes(*(row(40 * i) for i in range(6))) == [6]


def test_a_wider_space_starts_a_paragraph() -> None:
    assert sizes(row(0), row(40), row(80), row(150), row(190)) == [3, 2]


def test_lines_with_an_empty_one_between_are_paragraphs_though_most_stand_so() -> None:
    assert sizes(row(0), row(60), row(120), row(150), row(210), row(270)) == [1, 1, 2, 1, 1]


def test_lines_that_are_all_set_wide_are_one_paragraph() -> None:
    assert sizes(*(row(60 * i) for i in range(6))) == [6]


def test_large_lines_stay_together_among_smaller_ones() -> None:
    large = [row(0, height=48), row(56, height=48)]
    assert sizes(*large, row(130), row(160), row(220), row(250), row(310), row(340))[0] == 2


def test_an_indented_line_after_a_short_one_starts_a_paragraph() -> None:
    assert sizes(row(0), row(40), row(80, x1=400), row(120, x0=140), row(160)) == [3, 2]


def test_a_rule_between_two_lines_starts_a_paragraph() -> None:
    rows = [row(40 * i) for i in range(6)]
    across, short, far = Rule(72, 90, 910), Rule(112, 90, 300), Rule(112, 1000, 1900)
    assert [len(group.rows) for group in grouped(rows, levels=[across, short, far])] == [2, 4]


def test_ruled_paper_parts_no_paragraph() -> None:
    rows = [row(40 * i) for i in range(6)]
    lines = [Rule(32 + 40 * i, 50, 950) for i in range(6)]
    assert [len(group.rows) for group in grouped(rows, levels=lines)] == [6]


def test_larger_letters_start_a_block_and_make_it_a_heading() -> None:
    groups = told_apart(grouped([row(0, height=48), row(60), row(100), row(140)]))
    assert [(len(g.rows), g.type, g.level) for g in groups] == [
        (1, BlockType.HEADING, 1),
        (3, BlockType.PARAGRAPH, None),
    ]


def test_headings_of_two_sizes_have_two_levels() -> None:
    rows = [row(0, height=60), row(100, height=40), *(row(160 + 40 * i) for i in range(5))]
    groups = told_apart(grouped(rows))
    assert [group.level for group in groups] == [1, 2, None]


def test_a_large_number_is_no_heading() -> None:
    groups = told_apart(grouped([row(0, height=48, text="1 234,00"), row(60), row(100)]))
    assert all(group.type is BlockType.PARAGRAPH for group in groups)


def test_lines_without_height_are_still_grouped() -> None:
    groups = told_apart(grouped([row(0, height=0), row(0, height=0), row(40, height=30)]))
    assert sum(len(group.rows) for group in groups) == 3
