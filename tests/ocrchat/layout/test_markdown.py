from __future__ import annotations

import pytest

from ocrchat.layout.markdown import escaped, markdown_of
from ocrchat.model import Block, BlockType, Box, Line, Word


def line(text: str, y: int = 0, x1: int = 400) -> Line:
    box = Box(0, y, x1, y + 20)
    return Line(text, box, 1.0, (Word(text.split(" ")[0], Box(0, y, 60, y + 20), 1.0),))


def block(*lines: Line, type: BlockType = BlockType.PARAGRAPH, level: int | None = None) -> Block:  # noqa: A002
    text = "\n".join(each.text for each in lines)
    return Block(text, Box.around(each.box for each in lines), 1.0, type, level, lines)


@pytest.mark.parametrize(
    ("plain", "safe"),
    [
        ("plain text, (really)!", "plain text, (really)!"),
        ("# not a heading", "\\# not a heading"),
        ("- not an item", "\\- not an item"),
        ("12. not an item", "12\\. not an item"),
        ("in 2024. Then", "in 2024. Then"),
        ("5 * 3 * 2 _is_ [a](b)", "5 \\* 3 \\* 2 \\_is\\_ \\[a\\](b)"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("a | b", "a \\| b"),
        ("R&D &amp; more", "R&D \\&amp; more"),
        ("C:\\temp", "C:\\\\temp"),
        ("===", "\\==="),
    ],
)
def test_text_is_shown_as_it_was_printed(plain: str, safe: str) -> None:
    assert escaped(plain) == safe


def test_blocks_stand_apart_and_headings_have_their_level() -> None:
    blocks = [
        block(line("Report"), type=BlockType.HEADING, level=2),
        block(line("First"), line("second", 20)),
    ]
    assert markdown_of(blocks) == "## Report\n\nFirst second"


def test_a_line_that_ends_early_keeps_its_end() -> None:
    assert markdown_of([block(line("Acme Corp", 0, 90), line("12 Long Street, Town", 20))]) == (
        "Acme Corp\\\n12 Long Street, Town"
    )


def test_scripts_without_word_spaces_run_on_without_one() -> None:
    assert markdown_of([block(line("人人生而"), line("自由", 20))], spaced=False) == "人人生而自由"
