"""Write prices as people do."""

from __future__ import annotations

_WITHOUT_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"
_WITH_THREE = "bhd jod kwd omr tnd"
"""Currencies whose smallest unit is not a hundredth, as Stripe counts them (docs.stripe.com/currencies)."""


def price_text(amount: int, currency: str) -> str:
    """An amount of a currency's smallest unit: `1,250.00 EUR`, `900 JPY`."""
    decimals = 0 if currency in _WITHOUT_DECIMALS else 3 if currency in _WITH_THREE else 2
    whole, part = divmod(amount, 10**decimals)
    return f"{whole:,}{f'.{part:0{decimals}}' if decimals else ''} {currency.upper()}"
