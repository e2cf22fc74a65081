"""Credits move by transfers alone, and never below zero."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ocrchat_server.billing import audit
from ocrchat_server.billing.allowance import UNLIMITED, Payer, payer_at_address
from ocrchat_server.billing.errors import BadAmount, OutOfPages
from ocrchat_server.billing.models import Hold, House, Period, Purse, Reason, Transfer
from ocrchat_server.billing.queries import standing_of, transfers_of
from ocrchat_server.billing.services import forfeit, give, release, reserve, take_back
from tests.server.billing.conftest import NOON, plan_of, reservation_of

pytestmark = pytest.mark.usefixtures("ledger")

Payers = Callable[..., Payer]


def settle(job: UUID, page: int, amount: int, *, is_last: bool = False) -> None:
    """Charge a page as the commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_settle(%s, %s, %s, %s)", [job, page, amount, is_last])


def _figures(payer: Payer) -> tuple[int, int | None]:
    standing = standing_of(payer)
    return standing.used, standing.cap


def test_a_job_is_charged_for_what_was_read_and_gets_the_rest_back(payer: Payers) -> None:
    wish = reservation_of(payer(100), 10)
    assert reserve(wish) == (10, 100)
    settle(wish.job, 0, 1)
    settle(wish.job, 1, 5)
    settle(wish.job, 2, 0, is_last=True)
    assert _figures(payer(100)) == (6, 100)
    assert audit.totals()[House.EARNED] == 6
    assert audit.totals().get(House.HELD, 0) == 0


def test_what_is_set_aside_counts_as_used_until_the_job_ends(payer: Payers) -> None:
    wish = reservation_of(payer(10), 8)
    reserve(wish)
    assert _figures(payer(10)) == (8, 10)
    with pytest.raises(OutOfPages) as refused:
        reserve(reservation_of(payer(10), 3))
    assert (refused.value.used, refused.value.cap, refused.value.needed) == (8, 10, 3)
    assert release(wish.job) == 8
    assert _figures(payer(10)) == (0, 10)


def test_giving_back_twice_gives_back_once(payer: Payers) -> None:
    wish = reservation_of(payer(10), 8)
    reserve(wish)
    assert (release(wish.job), release(wish.job), release(uuid4())) == (8, 0, 0)


def test_a_job_that_has_ended_cannot_be_charged(payer: Payers) -> None:
    wish = reservation_of(payer(10), 8)
    reserve(wish)
    release(wish.job)
    with pytest.raises(DatabaseError, match="nothing is held"):
        settle(wish.job, 0, 1)


def test_a_job_cannot_spend_more_than_was_set_aside(payer: Payers) -> None:
    wish = reservation_of(payer(10), 2)
    reserve(wish)
    with pytest.raises(IntegrityError, match="no_hold_is_below_zero"):
        settle(wish.job, 0, 3)


def test_a_page_is_charged_once(payer: Payers) -> None:
    wish = reservation_of(payer(10), 2)
    reserve(wish)
    settle(wish.job, 0, 1)
    with pytest.raises(IntegrityError, match="a_page_is_charged_once"):
        settle(wish.job, 0, 1)


def test_allowance_is_spent_before_credits_and_credits_come_back_first(account: UUID, payer: Payers) -> None:
    give(account, 50, "a pack")
    wish = reservation_of(payer(10), 30)
    assert reserve(wish) == (30, 60)
    settle(wish.job, 0, 25)
    release(wish.job)
    standing = standing_of(payer(10))
    assert (standing.used, standing.cap, standing.credits) == (25, 60, 35)
    assert (standing.free_used, standing.free_cap) == (10, 10)
    assert Purse.objects.get(key=payer(10).first).balance == 0


def test_the_next_period_has_its_own_allowance(payer: Payers) -> None:
    reserve(reservation_of(payer(10), 10))
    december = datetime(2026, 12, 1, tzinfo=UTC)
    last_moment = december - timedelta(microseconds=1)
    with pytest.raises(OutOfPages) as refused:
        reserve(reservation_of(payer(10, last_moment), 1, last_moment))
    assert refused.value.resets_at == december
    assert "2026-12-01 00:00 UTC" in str(refused.value)
    assert reserve(reservation_of(payer(10, december), 1, december)) == (1, 10)


def test_a_larger_plan_fills_the_period_up_and_a_smaller_takes_nothing(payer: Payers) -> None:
    reserve(reservation_of(payer(10), 10))
    assert reserve(reservation_of(payer(100), 1)) == (11, 100)
    assert _figures(payer(10)) == (11, 100)


def test_without_an_allowance_only_credits_help(account: UUID, payer: Payers) -> None:
    with pytest.raises(OutOfPages, match="out of credits") as refused:
        reserve(reservation_of(payer(0), 1))
    assert (refused.value.used, refused.value.cap, refused.value.resets_at) == (0, 0, None)
    give(account, 1, "a gift")
    assert reserve(reservation_of(payer(0), 1)) == (1, 1)
    assert not Purse.objects.filter(key=payer(0).first).exists()


def test_a_plan_without_limit_is_recorded_all_the_same(payer: Payers) -> None:
    wish = reservation_of(payer(None), 10**6)
    reserve(wish)
    settle(wish.job, 0, 7, is_last=True)
    standing = standing_of(payer(None))
    assert (standing.used, standing.cap, standing.left) == (7, None, None)
    assert audit.totals()[House.ISSUED] == -UNLIMITED


def test_a_job_that_costs_nothing_moves_nothing(payer: Payers) -> None:
    wish = reservation_of(payer(0), 0)
    reserve(wish)
    settle(wish.job, 0, 0, is_last=True)
    assert not Transfer.objects.exists()
    assert Hold.objects.get(job=wish.job).closed_at


def test_addresses_of_a_network_share_its_cap() -> None:
    plan = plan_of(10, Period.DAY, network=25)
    wishes = []
    for subnet in range(3):
        payer = payer_at_address(f"2001:db8:0:{subnet}::1", plan, NOON, "secret")
        wishes.append(reservation_of(payer, 8))
        reserve(wishes[-1])
    crowded = payer_at_address("2001:db8:0:9::1", plan, NOON, "secret")
    with pytest.raises(OutOfPages) as refused:
        reserve(reservation_of(crowded, 2))
    assert (refused.value.used, refused.value.cap) == (24, 25)
    assert _figures(crowded) == (24, 25)
    settle(wishes[0].job, 0, 3, is_last=True)
    assert reserve(reservation_of(crowded, 6)) == (25, 25)
    elsewhere = payer_at_address("2001:db8:0:100::1", plan, NOON, "secret")
    assert reserve(reservation_of(elsewhere, 10)) == (10, 10)


def test_two_hundred_who_ask_at_once_get_what_there_is(account: UUID, payer: Payers) -> None:
    give(account, 20, "for the race")
    refusals: list[tuple[int, int]] = []

    def ask(_: int) -> bool:
        wish = reservation_of(payer(0), 1)
        try:
            reserve(wish)
            settle(wish.job, 0, 1, is_last=True)
            return True
        except OutOfPages as refused:
            refusals.append((refused.used, refused.cap))
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(ask, range(200))) == 20
    assert refusals == [(20, 20)] * 180
    assert audit.totals()[House.EARNED] == 20


def test_first_comers_open_one_purse_together(payer: Payers) -> None:
    def ask(_: int) -> bool:
        try:
            reserve(reservation_of(payer(5), 1))
            return True
        except OutOfPages:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        assert sum(threads.map(ask, range(24))) == 5


def test_what_was_spent_cannot_be_taken_back(account: UUID, payer: Payers) -> None:
    give(account, 10, "a pack")
    reserve(reservation_of(payer(0), 4))
    assert take_back(account, 10, "asked for") == 6
    assert take_back(account, 10, "asked again") == 0
    assert take_back(uuid4(), 10, "nobody") == 0


def test_a_deleted_account_leaves_its_credits_and_its_history(account: UUID, payer: Payers) -> None:
    give(account, 10, "a pack")
    reserve(reservation_of(payer(0), 4))
    assert (forfeit(account), forfeit(account)) == (6, 0)
    assert [(each.reason, each.amount) for each in transfers_of(account)] == [
        ("forfeit", 6),
        ("reserve", 4),
        ("grant", 10),
    ]


@pytest.mark.parametrize(("amount", "note"), [(0, "why"), (-5, "why"), (10**13, "why"), (5, " ")])
def test_a_grant_is_a_number_with_a_reason(account: UUID, amount: int, note: str) -> None:
    with pytest.raises(BadAmount):
        give(account, amount, note)


def test_the_ledger_cannot_be_rewritten(account: UUID) -> None:
    give(account, 10, "a gift")
    for statement in (
        "UPDATE billing_transfer SET amount = 1000",
        "DELETE FROM billing_transfer",
        "TRUNCATE billing_transfer",
    ):
        with transaction.atomic(), connection.cursor() as cursor, pytest.raises(DatabaseError) as refused:
            cursor.execute(statement)
        assert "append-only" in str(refused.value)


def test_a_purse_below_zero_is_refused_by_the_database_itself(account: UUID) -> None:
    give(account, 10, "a gift")
    purse = Purse.objects.get()
    with pytest.raises(IntegrityError, match="no_purse_is_below_zero"), transaction.atomic():
        Transfer.objects.create(reason=Reason.REFUND, source=purse.id, target=House.SOLD, amount=11)
