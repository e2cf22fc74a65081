"""Clients who pay, and a look at whether the ledger is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from ocrchat_server.billing import audit
from ocrchat_server.billing.allowance import Payer, payer_with_account
from ocrchat_server.billing.models import Period
from ocrchat_server.billing.plans import Plan
from ocrchat_server.billing.pricing import Prices
from ocrchat_server.billing.services import Reservation

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRICES = Prices(text_layer=1, cpu=1, vlm=5)


def plan_of(allowance: int | None, period: Period = Period.MONTH, network: int = 0) -> Plan:
    """A plan with that allowance."""
    return Plan("some", "Some", allowance, period, network, 100, 1, 1, 600, True)


def reservation_of(payer: Payer, needed: int, now: datetime = NOON) -> Reservation:
    """A new job's wish for credits."""
    return Reservation(uuid4(), payer, needed, PRICES, now)


@pytest.fixture
def ledger(database: None) -> Iterator[None]:
    """An empty ledger, which must be sound when the test is over."""
    yield
    assert audit.faults() == ()
    assert sum(audit.totals().values()) == 0


@pytest.fixture
def account() -> UUID:
    """The id of an account."""
    return uuid4()


@pytest.fixture
def payer(account: UUID) -> Callable[..., Payer]:
    """How that account pays, with that allowance, at that time."""

    def made(allowance: int | None = 0, now: datetime = NOON, period: Period = Period.MONTH) -> Payer:
        return payer_with_account(account, plan_of(allowance, period), now)

    return made
