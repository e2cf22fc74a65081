"""A sum before tax is told from the total that it grows to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ocrchat.answers.sums import amount_in, grown_from


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("CHF 3'999.53", "3999.53"),
        ("CHF 3`667.35", "3667.35"),
        ("1.380,50 €", "1380.50"),
        ("£6,896.58", "6896.58"),
        ("11,263원", "11263"),
        ("2 of 3", None),
        ("none", None),
        ("0.00", None),
    ],
)
def test_an_amount_is_read_in_every_spelling_where_there_is_one(text: str, amount: str | None) -> None:
    assert amount_in(text) == (Decimal(amount) if amount else None)


def test_the_total_is_the_sum_and_what_is_added_to_it() -> None:
    net, tax, total = Decimal("3999.53"), Decimal("799.90"), Decimal("4799.43")
    assert grown_from(net, {tax}, [net, tax, total]) == total
    assert grown_from(total, {tax}, [net, tax, total]) is None
    assert grown_from(net, set(), [net, tax, total]) is None
    assert grown_from(tax, {net}, [net, tax, total]) is None
