"""A quote is found however it was typed, and leads back to the text as it stands."""

from __future__ import annotations

import pytest

from ocrchat.answers.folding import folded, span_of_quote


def _found(text: str, quote: str) -> str | None:
    span = span_of_quote(text, folded(text), quote)
    return text[slice(*span)] if span else None


@pytest.mark.parametrize(
    ("text", "quote", "said"),
    [
        ("The TOTAL  is\n42.", "the total is 42", "TOTAL  is\n42"),
        ("eﬃcient work", "efficient", "eﬃcient"),
        ("Straße 5", "strasse", "Straße"),
        ("in-\nvoice total", "invoice", "in-\nvoice"),
        ("„Rechnung“ – bezahlt", '"Rechnung" - bezahlt', "Rechnung“ – bezahlt"),
        ("المجمـــوع ٤٢", "المجموع", "المجمـــوع"),
        ("月租金为人民币5800元", "租金为", "租金为"),
        ("cafe\u0301 noir", "café", "cafe\u0301"),
        ("１２３ Main", "123", "１２３"),
        ("a total of 42 euros", "...total of 42...", "total of 42"),
    ],
)
def test_a_quote_is_found(text: str, quote: str, said: str) -> None:
    found = _found(text, quote)
    assert found is not None
    assert said in found
    assert found in text


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("in 2015", "15"),
        ("1,380 euros", "380"),
        ("1,380 euros", "1"),
        ("3.5 %", "3"),
        ("contract", "act"),
        ("total", ""),
        ("total", "..."),
        ("2900元", "900元"),
    ],
)
def test_a_part_of_a_word_or_number_is_no_quote(text: str, quote: str) -> None:
    assert _found(text, quote) is None


def test_each_folded_letter_leads_to_where_it_came_from() -> None:
    text = "Eﬃ-\ncient"
    source = folded(text)
    assert source.text == "efficient"
    assert len(source.starts) == len(source.ends) == len(source.text)
    assert text[slice(*source.source_span(0, len(source.text)))] == text
