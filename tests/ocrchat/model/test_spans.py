"""Lines are taken apart by style and put behind each other."""

from __future__ import annotations

import pytest

from ocrchat.model import Box, Line, Word
from ocrchat.model.spans import Span, between, harmless, spans_of_line

COLUMN = (0, 400)


def _line(text: str, length: int = 400, first: int = 60) -> Line:
    word = Word(text.split()[0] if text.split() else "", Box(0, 0, first, 20), 0.9)
    return Line(text, Box(0, 0, length, 20), 0.9, (word,))


def test_words_have_their_styles_and_what_parts_them_has_none() -> None:
    box = Box(0, 0, 9, 9)
    words = (Word("a", box, 1.0, bold=True), Word("b", box, 1.0, italic=True), Word("c", box, 1.0))
    spans = list(spans_of_line(Line("a b, c.", box, 1.0, words)))
    assert spans == [
        Span("a", bold=True),
        Span(" "),
        Span("b", italic=True),
        Span(", "),
        Span("c"),
        Span("."),
    ]
    assert "".join(span.text for span in spans) == "a b, c."


def test_a_line_is_ended_where_the_next_word_would_have_had_room() -> None:
    assert between(_line("Dear Sir", length=200), _line("thank you"), COLUMN, spaced=True) == "\n"
    assert between(_line("as long as the column"), _line("is wide"), COLUMN, spaced=True) == " "


@pytest.mark.parametrize(
    ("text", "following", "spaced", "expected"),
    [
        ("人人生而", "自由平等", False, ""),
        ("人人生而", "自由平等", True, ""),
        ("with OCR", "ABC and", False, " "),
        ("ภาษา", "ไทย", False, ""),
        ("Füße", "öffnen", True, " "),
    ],
)
def test_scripts_without_spaces_get_none(text: str, following: str, spaced: bool, expected: str) -> None:
    assert between(_line(text), _line(following), COLUMN, spaced=spaced) == expected


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "", None, "//x.example"])
def test_only_pages_and_letters_are_linked_to(link: str | None) -> None:
    assert harmless(link) is None
    assert harmless(" HTTPS://x.example/a ") == "HTTPS://x.example/a"
