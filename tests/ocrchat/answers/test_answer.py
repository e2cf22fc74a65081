"""Questions are answered in the document's own words, with their place, or not at all."""

from __future__ import annotations

import pytest

from ocrchat.answers.facts import facts_of
from ocrchat.answers.printed import printed
from ocrchat.model import Box, Page
from tests.ocrchat.answers.asking import HIGH, WIDE, ask, page_of, printed_at

INVOICE = page_of(
    "INVOICE\nAcme Corp\nInvoice number: INV-2231\nBill to: Globex Ltd\n\n"
    "Item   Qty   Price\nLamp   2   20.00\nCable   3   5.00\n\n"
    "Subtotal: $36.00\nTax: $6.00\nTotal: $42.00\nDue date: March 3, 2026"
)
LETTER = page_of(
    "Rent agreement\n\n"
    "This agreement is made between Margaret Doyle (the landlord) and Tomás Rivera (the tenant).\n\n"
    "The landlord repairs the roof in Galway Street at her own cost. Before moving in the tenant pays a "
    "deposit of 2,760 euros. Either party may end the tenancy by giving 90 days' written notice."
)


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("What is the total?", "Total: $42.00 (p. 1)"),
        ("total?", "Total: $42.00 (p. 1)"),
        ("How much is the subtotal?", "Subtotal: $36.00 (p. 1)"),
        ("Who is the customer?", "Bill to: Globex Ltd (p. 1)"),
        ("How much does the lamp cost?", "Lamp, Price: 20.00 (p. 1)"),
        ("What is the invoice number?", "Invoice number: INV-2231 (p. 1)"),
        ("Wie hoch ist der Gesamtbetrag?", "Total: $42.00 (p. 1)"),
        ("¿Cuál es la fecha de vencimiento?", "Due date: March 3, 2026 (p. 1)"),
        ("请问总金额是多少？", "Total: $42.00 (p. 1)"),
    ],
)
def test_a_value_is_found_by_what_it_is_called_in_any_language(question: str, content: str) -> None:
    assert ask([INVOICE], question).content == content


@pytest.mark.parametrize(
    "question",
    ["What are the total and the due date?", "What is the invoice total, and when is it due?"],
)
def test_two_questions_in_one_are_both_answered(question: str) -> None:
    assert ask([INVOICE], question).content == "Total: $42.00 (p. 1)\nDue date: March 3, 2026 (p. 1)"


def test_what_is_found_of_two_questions_is_told_and_what_is_not_is_said() -> None:
    answer = ask([INVOICE], "What are the total and the IBAN?")
    assert answer.content == "Total: $42.00 (p. 1)\nIBAN: Not found in this document."


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        ("What is the shipping cost?", "Not found in this document."),
        ("How much does the table cost?", "Not found in this document."),
        ("What is the total for Initech?", "Not found in this document."),
        ("Who is the landlord?", "Not found in this document."),
        ("Wie lautet die Kontonummer?", "In diesem Dokument nicht gefunden."),
        ("¿Cuál es el número de teléfono?", "No se encuentra en este documento."),
    ],
)
def test_what_the_document_does_not_say_is_refused_in_the_askers_language(
    question: str, refusal: str
) -> None:
    answer = ask([INVOICE], question)
    assert (answer.content, answer.citations) == (refusal, ())


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who is the landlord?", "Margaret Doyle"),
        ("How high is the deposit?", "2,760 euros"),
        ("What is the notice period?", "90 days"),
    ],
)
def test_a_sentence_answers_where_no_label_does(question: str, told: str) -> None:
    answer = ask([LETTER], question)
    assert told in answer.content
    assert len(answer.citations) == 1
    assert answer.citations[0].snippet in LETTER.text


def test_a_question_goes_on_from_the_one_before() -> None:
    assert (
        ask([INVOICE], "And the quantity?", "How much does the cable cost?").content == "Cable, Qty: 3 (p. 1)"
    )
    assert (
        ask([INVOICE], "And the cable?", "How much does the lamp cost?").content
        == "Cable, Price: 5.00 (p. 1)"
    )


def test_a_question_of_its_own_does_not_lean_on_the_one_before() -> None:
    answer = ask([INVOICE], "What is the total amount of this invoice?", "How much does the lamp cost?")
    assert answer.content == "Total: $42.00 (p. 1)"


def test_what_a_document_is_about_is_how_it_begins() -> None:
    assert ask([LETTER], "What is this document about?").content.startswith("Rent agreement")


def test_values_stand_by_their_labels_on_the_page_whatever_their_order_in_the_text() -> None:
    page = printed_at(
        [(0, 0, "Total"), (0, 1, "Due date"), (60, 0, "$42.00"), (60, 1, "March 3, 2026")],
    )
    answer = ask([page], "What is the total?")
    assert answer.content == "Total: $42.00 (p. 1)"
    assert [citation.snippet for citation in answer.citations] == ["Total", "$42.00"]


def test_boxes_are_those_of_the_quoted_words() -> None:
    page = printed_at([(0, 0, "Acme Corp"), (5, 3, "Total: $42.00")])
    (citation,) = ask([page], "What is the total?").citations
    assert citation.snippet == "Total: $42.00"
    assert citation.boxes == (Box(5 * WIDE, 6 * HIGH, 18 * WIDE, 7 * HIGH),)


def test_text_that_was_corrected_is_answered_from_and_boxes_are_of_what_still_stands() -> None:
    page = printed_at([(0, 0, "Total: $42.00"), (0, 2, "Tax: $6.00")])
    corrected = Page(**{**_fields(page), "text": "Total: $43.00\n\nTax: $6.00"})
    answer = ask([corrected], "What is the total?")
    assert answer.content == "Total: $43.00 (p. 1)"
    assert answer.citations[0].snippet in corrected.text
    (tax,) = ask([corrected], "What is the tax?").citations
    assert tax.boxes == (Box(0, 4 * HIGH, 10 * WIDE, 5 * HIGH),)


def test_pages_count_from_1_and_the_right_one_is_cited() -> None:
    pages = [page_of(f"Chapter {number}\n\nNothing of note.", number) for number in range(30)]
    pages[17] = page_of("Payment\n\nTotal: 215.00 USD", 17)
    answer = ask(pages, "What is the total?")
    assert answer.content == "Total: 215.00 USD (p. 18)"
    assert [citation.page for citation in answer.citations] == [18]


def test_a_document_without_text_answers_nothing() -> None:
    assert ask([page_of("")], "What is the total?").citations == ()
    assert ask([], "What is the total?").citations == ()


@pytest.mark.parametrize("message", ["?", "...", "🙂", "the of and", "\u200f", "a" * 4000, "und " * 900])
def test_a_message_that_asks_nothing_is_refused(message: str) -> None:
    assert ask([INVOICE], message).citations == ()


@pytest.mark.parametrize(
    "text",
    [
        "total\t" * 10_000,
        "a total: b\n" * 5_000,
        "1" * 60_000,
        "a@" * 30_000,
        "3 months " * 6_000,
        "总金额" * 20_000,
    ],
)
def test_a_page_that_is_made_to_take_long_does_not(text: str) -> None:
    answer = ask([page_of(text)], "What is the total?")
    assert all(citation.snippet in text for citation in answer.citations)


def test_of_very_many_questions_in_one_message_only_some_are_answered() -> None:
    answer = ask([INVOICE], "What is the total? What is the tax? " * 50)
    assert answer.content == "Total: $42.00 (p. 1)\nTax: $6.00 (p. 1)"


def _fields(page: Page) -> dict[str, object]:
    return {name: getattr(page, name) for name in Page.__slots__}


BILL = page_of(
    "Rechnung\n\nHonorar: CHF 3'667.35\nTotal: CHF 3'667.35\nMWST 7.7%: CHF 282.40\n"
    "Rechnungsbetrag: CHF 3'949.75\nZahlbar bis: 30.04.2026",
    language="de",
)


@pytest.mark.parametrize(
    "question", ["What is the total?", "Wie hoch ist das Total?", "Wie viel ist zu zahlen?"]
)
def test_what_is_called_total_before_tax_is_not_the_total(question: str) -> None:
    assert ask([BILL], question).content == "Rechnungsbetrag: CHF 3'949.75 (p. 1)"


def test_the_same_words_ask_for_a_sum_or_a_date() -> None:
    assert ask([BILL], "Bis wann ist zu zahlen?").content == "Zahlbar bis: 30.04.2026 (p. 1)"


def test_a_sum_before_a_discount_is_not_taken_for_the_total() -> None:
    page = page_of("Goods: $48.00\nDiscount: $6.00\nTotal: $42.00")
    assert ask([page], "What is the total?").content == "Total: $42.00 (p. 1)"


def test_gross_pay_is_not_told_for_net_pay() -> None:
    page = page_of("Payslip\nGross pay: 5,020.00\nPhone: +44 20 5555 0100")
    assert not ask([page], "What is the net pay?").citations
    assert ask([page], "How high is the gross salary?").content == "Gross pay: 5,020.00 (p. 1)"


def test_a_price_is_one_of_a_kind_and_an_amount_what_a_row_comes_to() -> None:
    page = page_of("Item   Qty   Amount   Unit price\nLamp   2   40.00   20.00\nCable   3   15.00   5.00")
    assert ask([page], "What is the price of a lamp?").content == "Lamp, Unit price: 20.00 (p. 1)"


def test_words_below_heads_are_told_apart_by_where_they_begin() -> None:
    page = printed_at(
        [(0, 0, "City"), (13, 0, "Room"), (19, 0, "Contact"), (0, 1, "Berlin-Mitte 12345 Ann Lee")]
    )
    said = printed(page)
    told = {tuple(map(said.said, (fact.labels[-1], fact.value))) for fact in facts_of(said) if fact.labels}
    assert told >= {("Room", "12345"), ("Contact", "Ann Lee")}


def test_a_row_of_labels_is_nobodys_name() -> None:
    page = page_of("IBAN Phone Contact")
    assert not ask([page], "Who is the contact person?").citations
