from __future__ import annotations

from collections.abc import Sequence

import pytest

from ocrchat.layout.arrangement import Piece
from ocrchat.model import Page
from ocrchat.model.codec import page_as_stored, page_from_stored
from tests.ocrchat.layout.drawn import lines, of, piece

BODY = [
    "these are the words of a letter that fills its lines from the one side to the other one, as they do",
    "in every letter, and it goes on for as long as it takes until all of it is said, which is not before",
    "a good many lines have been filled with words of this kind and the writer has come to an end of it",
]
ADDRESS = ["Erika Musterfrau", "Hauptstr. 1", "12345 Berlin"]
POEM = [
    "I wandered lonely as a cloud",
    "That floats on high o'er vales and hills,",
    "When all at once I saw a crowd,",
    "A host, of golden daffodils;",
    "Beside the lake, beneath the trees,",
    "Fluttering and dancing in the breeze.",
]


def markdown(pieces: Sequence[Piece]) -> list[str]:
    return of(pieces).markdown.split("\n\n")


def from_right(texts: Sequence[str], x: int, y: int) -> list[Piece]:
    return [piece(text, x - 10 * len(text), y + 28 * row) for row, text in enumerate(texts)]


def centred(texts: Sequence[str], x: int, y: int) -> list[Piece]:
    return [piece(text, x - 5 * len(text), y + 28 * row) for row, text in enumerate(texts)]


@pytest.mark.parametrize("texts", [ADDRESS, POEM, ["Yours sincerely,", "Robert Schneider"]])
def test_lines_of_an_address_a_poem_and_a_signature_stay_lines(texts: list[str]) -> None:
    assert markdown([*lines(texts, 100, 100), *lines(BODY, 100, 500)]) == [
        "\\\n".join(texts),
        " ".join(BODY),
    ]


def test_so_do_those_at_the_right_and_in_the_middle() -> None:
    sender = ["Robert Schneider AG", "Rue du Lac 1268", "2501 Biel"]
    said = "\\\n".join(sender)
    right_edge = 100 + 10 * max(map(len, BODY))
    assert markdown([*from_right(sender, right_edge, 100), *lines(BODY, 100, 500)])[0] == said
    assert markdown([*centred(sender, (100 + right_edge) // 2, 100), *lines(BODY, 100, 500)])[0] == said


def test_a_column_of_running_text_runs_on() -> None:
    assert markdown(lines(BODY, 100, 100)) == [" ".join(BODY)]


def test_a_paragraph_that_is_set_in_runs_on() -> None:
    quote = [
        "what is quoted stands between the same edges, but",
        "further in than all that is said around it, where",
        "each of its lines is as long as there is room for",
        "until it ends",
    ]
    page = [*lines(BODY, 100, 100), *lines(quote, 200, 300), *lines(BODY, 100, 600)]
    assert markdown(page)[1] == " ".join(quote)


def test_a_short_paragraph_of_two_full_lines_runs_on() -> None:
    assert markdown([*lines(BODY, 100, 100), *lines([BODY[0], "and that is it"], 100, 400)])[1] == (
        BODY[0] + " and that is it"
    )


def test_a_word_that_a_line_broke_is_no_end() -> None:
    note = ["a note of two or", "three lines, with bro-", "ken words in it"]
    assert "\\\n" not in markdown([*lines(note, 100, 100), *lines(BODY, 100, 500)])[0]


def test_a_stored_page_keeps_its_lines() -> None:
    read = of([*lines(ADDRESS, 100, 100), *lines(BODY, 100, 500)])
    page = Page(0, 1200, 900, read.text, read.markdown, read.blocks)
    assert page_from_stored(page_as_stored(page)) == page
    assert [line.is_ended for line in page.blocks[0].lines] == [True] * 3


def test_a_line_that_fills_the_column_runs_on_among_few_that_are_ended() -> None:
    memo = [BODY[0], "in it", *ADDRESS, "Telephone 030 1234", "Telefax 030 1235"]
    assert markdown(lines(memo, 100, 100))[0] == BODY[0] + " " + "\\\n".join(memo[1:])
