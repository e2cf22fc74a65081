"""Tell a document's total from the sum before tax, whatever they are called: one is the other and a third."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from decimal import Decimal

from ocrchat.answers.numbers import value_of

_NUMBER = re.compile(r"\d(?:[\d.,'’`´ \u00a0\u202f]*\d)?")
_MOST_ADDED = Decimal("0.5")
"""What taxes, shipping and rounding may add at most, as a share of the sum before them."""


def amount_in(text: str) -> Decimal | None:
    """The one amount of a text, None where it has none or several."""
    found = [value_of(re.sub("[’`´]", "'", match[0])) for match in _NUMBER.finditer(text)]
    return found[0] if len(found) == 1 and found[0].is_finite() and found[0] > 0 else None


def grown_from(amount: Decimal, added: Collection[Decimal], amounts: Iterable[Decimal]) -> Decimal | None:
    """The largest of the amounts that is this one and one of those that are added; None where none is.

    4,799.43 is grown from 3,999.53 by 799.90. What is added is the smaller part.
    """
    most = _MOST_ADDED * amount
    return max(
        (each for each in amounts if 0 < each - amount <= most and each - amount in added), default=None
    )
