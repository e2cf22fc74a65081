"""Prices are written as people write them."""

from __future__ import annotations

import pytest

from ocrchat_server.billing.money import price_text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (900, "eur", "9.00 EUR"),
        (125_005, "usd", "1,250.05 USD"),
        (900, "jpy", "900 JPY"),
        (1_234, "kwd", "1.234 KWD"),
        (7, "gbp", "0.07 GBP"),
    ],
)
def test_a_price_has_the_decimals_of_its_currency(amount: int, currency: str, text: str) -> None:
    assert price_text(amount, currency) == text
