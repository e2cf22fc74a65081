"""The check of the ledger finds what was done behind its back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from ocrchat_server.billing import audit
from ocrchat_server.billing.models import House
from ocrchat_server.billing.services import give, reserve
from tests.server.billing.conftest import reservation_of
from tests.server.billing.test_ledger import Payers

JOB = uuid4()

TAMPERINGS = {
    "UPDATE billing_purse SET balance = balance + 1": "a purse holds what its transfers say",
    "UPDATE billing_purse SET granted = granted + 1": "a purse was granted what came from outside",
    "UPDATE billing_hold SET spent = 1, reserved = 9": "a hold has what was set aside less what was spent",
    "DELETE FROM billing_hold": "nothing is held for a job that has no hold",
    "UPDATE billing_transfer SET target = 99 WHERE reason = 'reserve'": "both ends of a transfer exist",
    "INSERT INTO billing_transfer (at, reason, source, target, amount, note) "
    "VALUES (now(), 'grant', 3, 123456, 5, '')": "both ends of a transfer exist",
    "UPDATE billing_transfer SET amount = 7 WHERE reason = 'reserve'": "all purses together hold nothing",
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("tampering", "rule"), TAMPERINGS.items())
def test_a_tampered_ledger_is_noticed(tampering: str, rule: str, payer: Payers) -> None:
    owner = payer().client
    assert owner
    give(owner, 10, "a pack")
    reserve(reservation_of(payer(), 4))
    assert audit.faults() == ()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_transfer DISABLE TRIGGER USER")
        cursor.execute(tampering)
        cursor.execute("ALTER TABLE billing_transfer ENABLE TRIGGER USER")
    assert rule in {fault.rule for fault in audit.faults()}


def _reserved_elsewhere(payer: Payers) -> None:
    """Another connection sets credits aside."""
    try:
        reserve(reservation_of(payer(100), 4))
    finally:
        connection.close()


@pytest.mark.usefixtures("database")
def test_what_happens_during_a_check_is_not_seen_by_half(payer: Payers) -> None:
    reserve(reservation_of(payer(100), 4))
    with ThreadPoolExecutor(1) as thread:
        with audit.one_snapshot():
            before = audit.totals()
            thread.submit(_reserved_elsewhere, payer).result()
            assert audit.totals() == before
            assert audit.faults() == ()
        assert audit.totals()[House.HELD] == before[House.HELD] + 4
