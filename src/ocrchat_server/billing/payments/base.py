"""What a payment provider is asked, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ocrchat_server.billing.models import ReversalKind


@dataclass(frozen=True, slots=True)
class Order:
    """A wish to buy: a pack, who buys, and the addresses to come back to when it is paid or given up.

    `price` is in the currency's smallest unit. `customer` is who that is to the provider, if known already.
    """

    pack: str
    credits: int
    price: int
    currency: str
    account: UUID
    email: str
    customer: str | None
    done: str
    back: str


@dataclass(frozen=True, slots=True)
class Sold:
    """An order was paid: `reference` names the sale, `payment` the payment, both for ever."""

    reference: str
    payment: str
    account: UUID
    pack: str
    credits: int
    price: int
    currency: str
    customer: str | None


@dataclass(frozen=True, slots=True)
class Reversed:
    """What the provider now says of a refund or a dispute; of two words said at once `rank` is the later."""

    reference: str
    payment: str
    kind: ReversalKind
    amount: int
    currency: str
    state: str
    stands: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the provider tells; it may come twice, late, and in any order."""

    id: str
    provider: str
    kind: str
    said_at: datetime
    news: Sold | Reversed


class PaymentProvider(Protocol):
    """Takes people's money, and tells what became of it."""

    name: str
    sells: bool

    def checkout(self, order: Order) -> str:
        """The address of the page where the order is paid. PaymentsOff, PaymentsAway."""
        ...

    def portal(self, customer: str, back: str) -> str:
        """The address of a customer's invoices and payment details. PaymentsOff, PaymentsAway."""
        ...

    def event(self, body: bytes, signature: str) -> Event | None:
        """What a signed message tells; None where it does not concern us. BadEvent, PaymentsOff."""
        ...
