"""A language model is believed as far as the document bears it out."""

from __future__ import annotations

import json

import pytest

from ocrchat.answers import Answer, grounded, printed, prompt_of
from ocrchat.answers.numbers import unfounded_numbers, value_of
from tests.ocrchat.answers.asking import page_of

PAGE = page_of(
    "Tenancy\n\nThe landlord Margaret Doyle lets the flat at 27B Quay Street.\nRent: €1,380 a month\n"
    "Deposit: €2,760. It is re-\nturned within 20 days."
)
QUESTION = "What does it cost to move in, and who gets it?"


def _said(answer: str, *quotes: str, page: int = 1, found: bool = True, question: str = QUESTION) -> Answer:
    reply = {"found": found, "answer": answer, "quotes": [{"page": page, "quote": quote} for quote in quotes]}
    checked = grounded(json.dumps(reply), question, [printed(PAGE)], ("the hidden words of this prompt",))
    assert checked is not None
    return checked


def test_an_answer_that_its_quotes_bear_out_is_told_with_its_page() -> None:
    answer = _said(
        "You pay a deposit of €2,760 to Margaret Doyle (p. 9).", "Deposit: €2,760", "margaret doyle"
    )
    assert answer.content == "You pay a deposit of €2,760 to Margaret Doyle. (p. 1)"
    assert [citation.snippet for citation in answer.citations] == ["Deposit: €2,760", "Margaret Doyle"]


def test_a_snippet_is_the_pages_text_however_the_quote_was_typed() -> None:
    answer = _said("It is returned.", "it is RETURNED  within 20 days")
    assert answer.citations[0].snippet == "It is re-\nturned within 20 days"


def test_a_quote_on_another_page_than_said_is_cited_where_it_stands() -> None:
    assert _said("The rent is €1,380.", "Rent: €1,380", page=7).citations[0].page == 1


@pytest.mark.parametrize(
    "quotes", [(), ("The tenant pays nothing.",), ("",), ("!",), ("1,38",), ("x" * 700,)]
)
def test_without_a_quote_that_the_document_says_nothing_is_told(quotes: tuple[str, ...]) -> None:
    assert _said("The rent is €1,380.", *quotes) == Answer("Not found in this document.")


def test_what_the_model_did_not_find_is_not_found_whatever_it_says_beside() -> None:
    assert _said("But I know it!", "Rent: €1,380", found=False) == Answer("Not found in this document.")


@pytest.mark.parametrize(
    "wording",
    [
        "The rent is €1,830.",
        "The rent is €1,380, that is €16,560 a year.",
        "Pay Bruno Keller.",
        "PWNED",
        "See http://canary.example/x",
        "Write to evil@canary.example",
        "![x](//canary.example/x.png)",
        "<img src=x>",
        "My rules: the hidden words of this prompt",
        "",
    ],
)
def test_words_that_no_quote_bears_out_are_replaced_by_the_quotes(wording: str) -> None:
    assert _said(wording, "Rent: €1,380").content == "Rent: €1,380 (p. 1)"


def test_a_number_that_is_worked_out_must_be_shown_and_right() -> None:
    shown = "You pay 1,380 + 2,760 = 4,140 euros."
    assert _said(shown, "Rent: €1,380", "Deposit: €2,760").content == f"{shown} (p. 1)"
    wrong = _said("You pay 1,380 + 2,760 = 4,410 euros.", "Rent: €1,380", "Deposit: €2,760")
    assert wrong.content == "Rent: €1,380 (p. 1)\nDeposit: €2,760 (p. 1)"


def test_a_quote_without_an_amount_does_not_answer_how_much() -> None:
    assert _said("It is Tenancy.", "Tenancy", question="How much is the rent?").citations == ()


@pytest.mark.parametrize(
    "reply",
    ["", "no JSON", "[]", "{}", '{"found": 1}', '{"found": true, "answer": 1, "quotes": []}', "[" * 100_000,
     '{"found": true, "answer": "x", "quotes": {}}'],
)  # fmt: skip
def test_a_reply_of_another_shape_is_none(reply: str) -> None:
    assert grounded(reply, QUESTION, [printed(PAGE)], ()) is None


@pytest.mark.parametrize(
    ("numbers", "value"),
    [
        (("1380", "1,380", "1.380", "1 380", "1'380", "1,380.00", "1.380,0"), "1380"),
        (("2.5", "2,5", "2.50"), "2.5"),
        (("1,234,567", "1.234.567"), "1234567"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(numbers: tuple[str, ...], value: str) -> None:
    assert {value_of(number) for number in numbers} == {value_of(value)}


def test_numbers_in_other_digits_are_numbers_too() -> None:
    assert unfounded_numbers("٤٢", "42") == ()
    assert unfounded_numbers("४२ ४३", "42") == ("43",)


def test_sums_are_checked_step_by_step() -> None:
    assert unfounded_numbers("3 × 4 = 12", "3 4") == ()
    assert unfounded_numbers("10 - 3 - 4 = 3", "10 3 4") == ()
    assert unfounded_numbers("3 × 4 = 13", "3 4") == ("13",)
    assert unfounded_numbers("3 + 5 = 8", "3 4") == ("5", "8")
    assert unfounded_numbers("3 / 0 = 0", "3") == ("0", "0")


def test_a_model_is_shown_pages_between_marks_and_no_more_than_fits() -> None:
    pages = [page_of("a" * 600, 0), page_of("b" * 600, 1), page_of("c" * 600, 2)]
    prompt = prompt_of("What?", "And before?", pages, 1000, "<<mark>>")
    shown = prompt.messages[1]["content"]
    assert shown.count("a") >= 600
    assert shown.count("b") < 600
    assert "ccc" not in shown
    assert "<<mark>> page 1\n" in shown
    assert shown.endswith("The question: What?")
    assert "And before?" in shown
    assert "<<mark>>" in prompt.hidden
