"""Whatever a payment provider tells, in whatever order and however often, credits are what was paid for."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import permutations

import pytest
from django.db import connection

from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.services import create_account, delete_account
from ocrchat_server.billing import audit
from ocrchat_server.billing.allowance import Payer, credits_key
from ocrchat_server.billing.models import House, PaymentEvent, Purchase, Purse, Transfer
from ocrchat_server.billing.payments.stripe import StripeProvider
from ocrchat_server.billing.purchases import collect_owed, credits_due, take_in
from ocrchat_server.billing.queries import owed_by
from ocrchat_server.billing.services import forfeit, give, release, reserve
from tests.server.billing.conftest import reservation_of
from tests.stripe_stand_in import KEY, SECRET, dispute, event, refund, session, signature_of

pytestmark = pytest.mark.usefixtures("ledger")

START = int(datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp())
STRIPE = StripeProvider(KEY, SECRET)

Told = tuple[str, str, dict[str, object], int]
"""An event: its id, its type, its object, and when Stripe made it, in seconds after the start."""


def tell(told: Told) -> str:
    """What is done when Stripe sends that, signed."""
    name, kind, what, after = told
    body = event(name, kind, what, START + after)
    found = STRIPE.event(body, signature_of(body))
    assert found
    return take_in(found)


@pytest.fixture
def ada(database: None) -> Account:
    """Who buys."""
    return create_account("ada@example.org", "free")[0]


@pytest.fixture
def sale(ada: Account) -> Told:
    """Ada has paid 9.00 EUR for 1,000 credits."""
    return ("evt_sale", "checkout.session.completed", session(ada.id.hex), 0)


def balance(account: Account) -> int:
    """The bought and granted credits of an account."""
    return Purse.objects.get(key=credits_key(account.id)).balance


def spend(account: Account, amount: int, payer: Callable[..., Payer]) -> None:
    """Set credits aside and charge them."""
    from ocrchat_server.billing.allowance import payer_with_account
    from tests.server.billing.conftest import NOON, plan_of

    wish = reservation_of(payer_with_account(account.id, plan_of(0), NOON), amount)
    reserve(wish)
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_settle(%s, 0, %s, true)", [wish.job, amount])


@pytest.mark.parametrize(
    ("money", "due"), [(0, 0), (1, 1), (449, 498), (450, 500), (899, 998), (900, 1000), (2000, 1000)]
)
def test_credits_go_back_in_proportion_to_the_money(money: int, due: int) -> None:
    assert credits_due(1000, 900, money) == due


def test_what_cost_nothing_goes_back_whole() -> None:
    assert (credits_due(1000, 0, 0), credits_due(1000, 0, 1)) == (0, 1000)


def test_a_payment_brings_its_credits_and_the_paid_plan(ada: Account, sale: Told) -> None:
    assert "sold 1,000 credits for 9.00 EUR" in tell(sale)
    ada.refresh_from_db()
    assert (balance(ada), ada.plan) == (1000, "paid")
    moved = Transfer.objects.get()
    assert (moved.reason, moved.source, moved.purchase) == (
        "purchase",
        House.SOLD,
        Purchase.objects.get().id,
    )


def test_an_event_that_comes_again_does_nothing(ada: Account, sale: Told) -> None:
    tell(sale)
    assert "done before" in tell(sale)
    assert "sold before" in tell(("evt_other", "checkout.session.async_payment_succeeded", sale[2], 9))
    assert balance(ada) == 1000
    assert PaymentEvent.objects.count() == 2


def test_an_event_that_comes_twenty_times_at_once_is_done_once(ada: Account, sale: Told) -> None:
    def send(_: int) -> str:
        try:
            return tell(sale)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        said = list(threads.map(send, range(20)))
    assert sum(each.startswith("sold") for each in said) == 1
    assert balance(ada) == 1000


def test_a_later_payment_method_is_booked_when_it_is_paid(ada: Account) -> None:
    body = event("evt_1", "checkout.session.completed", session(ada.id.hex, status="unpaid"), START)
    assert STRIPE.event(body, signature_of(body)) is None
    tell(("evt_2", "checkout.session.async_payment_succeeded", session(ada.id.hex), 60))
    assert balance(ada) == 1000


def test_a_partial_refund_takes_its_part_back(ada: Account, sale: Told) -> None:
    tell(sale)
    said = tell(("evt_1", "refund.created", refund(450), 5))
    assert said == "refund of 4.50 EUR is succeeded; took 500 credits back"
    ada.refresh_from_db()
    assert (balance(ada), ada.plan) == (500, "paid")
    tell(("evt_2", "refund.created", refund(450, "re_2"), 6))
    ada.refresh_from_db()
    assert (balance(ada), ada.plan) == (0, "free")
    assert Purchase.objects.get().returned == 1000


def test_a_refund_that_fails_gives_its_credits_again(ada: Account, sale: Told) -> None:
    tell(sale)
    tell(("evt_1", "refund.created", refund(900, status="pending"), 5))
    assert balance(ada) == 0
    said = tell(("evt_2", "refund.failed", refund(900, status="failed"), 9))
    assert "gave 1,000 credits again" in said
    ada.refresh_from_db()
    assert (balance(ada), ada.plan) == (1000, "paid")


def test_a_refund_takes_no_more_than_there_is_and_says_so(
    ada: Account, sale: Told, payer: Callable[..., Payer]
) -> None:
    tell(sale)
    spend(ada, 700, payer)
    said = tell(("evt_1", "refund.created", refund(900), 5))
    assert "took 300 credits back; 700 were spent or set aside already and are owed" in said
    assert (balance(ada), owed_by(ada.id)) == (0, 700)
    assert PaymentEvent.objects.get(id="evt_1").outcome == said


def test_what_is_owed_is_taken_when_it_comes_home(
    ada: Account, sale: Told, payer: Callable[..., Payer]
) -> None:
    from ocrchat_server.billing.allowance import payer_with_account
    from tests.server.billing.conftest import NOON, plan_of

    tell(sale)
    wish = reservation_of(payer_with_account(ada.id, plan_of(0), NOON), 700)
    reserve(wish)
    tell(("evt_1", "refund.created", refund(900), 5))
    assert collect_owed() == 0
    release(wish.job)
    assert balance(ada) == 700
    assert collect_owed() == 700
    assert (balance(ada), owed_by(ada.id), collect_owed()) == (0, 0, 0)


def test_an_administrator_lets_go_of_what_is_owed_by_granting_it(
    ada: Account, sale: Told, payer: Callable[..., Payer]
) -> None:
    tell(sale)
    spend(ada, 1000, payer)
    tell(("evt_1", "refund.created", refund(90), 5))
    assert owed_by(ada.id) == 100
    give(ada.id, 150, "let go, and 50 for the trouble")
    assert collect_owed() == 100
    assert balance(ada) == 50


def test_a_dispute_takes_credits_until_it_is_won(ada: Account, sale: Told) -> None:
    tell(sale)
    assert "no credits moved" in tell(
        ("evt_1", "charge.dispute.created", dispute("warning_needs_response"), 5)
    )
    assert balance(ada) == 1000
    tell(("evt_2", "charge.dispute.updated", dispute("needs_response"), 6))
    assert balance(ada) == 0
    tell(("evt_3", "charge.dispute.closed", dispute("won"), 7))
    assert balance(ada) == 1000
    assert [each.reason for each in Transfer.objects.order_by("id")] == ["purchase", "dispute", "dispute"]


def test_a_refund_and_a_dispute_of_one_payment_take_it_back_once(ada: Account, sale: Told) -> None:
    tell(sale)
    tell(("evt_1", "refund.created", refund(900), 5))
    tell(("evt_2", "charge.dispute.created", dispute("needs_response"), 6))
    assert (balance(ada), Purchase.objects.get().returned, owed_by(ada.id)) == (0, 1000, 0)


def test_money_that_goes_back_in_another_currency_is_all_of_it(ada: Account, sale: Told) -> None:
    tell(sale)
    tell(("evt_1", "charge.dispute.created", {**dispute("lost", 1), "currency": "usd"}, 6))
    assert balance(ada) == 0


def test_forty_orders_of_events_come_to_the_same(ada: Account, sale: Told) -> None:
    told = [
        sale,
        ("evt_1", "refund.created", refund(300, status="pending"), 5),
        ("evt_2", "refund.updated", refund(300), 6),
        ("evt_3", "charge.dispute.created", dispute("needs_response", 600), 7),
        ("evt_4", "charge.dispute.closed", dispute("won", 600), 8),
    ]
    for order in random.Random(8).sample(list(permutations(told)), 40):
        for each in order:
            tell(each)
        purchase = Purchase.objects.get()
        assert (purchase.returned, purchase.owed, balance(ada)) == (333, 0, 667), [each[0] for each in order]
        assert audit.faults() == ()
        _forget_everything()
        Account.objects.update(plan="free")


def test_two_words_of_one_second_are_told_apart_by_what_they_say(ada: Account, sale: Told) -> None:
    tell(sale)
    tell(("evt_2", "refund.failed", refund(900, status="failed"), 5))
    assert "nothing done" in tell(("evt_1", "refund.created", refund(900, status="pending"), 5))
    assert balance(ada) == 1000


def test_events_at_once_come_to_the_same(ada: Account, sale: Told) -> None:
    told = [sale] * 3 + [
        (f"evt_{number}", "refund.created", refund(90, f"re_{number}"), number) for number in range(1, 8)
    ]
    random.Random(8).shuffle(told)

    def send(each: Told) -> None:
        try:
            tell(each)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(send, told))
    assert balance(ada) == 300


def test_who_deleted_the_account_while_paying_is_to_be_paid_back(ada: Account, sale: Told) -> None:
    number = ada.id
    forfeit(number)
    delete_account(number)
    assert "pay the money back" in tell(sale)
    assert Purse.objects.get(owner=number).balance == 0
    tell(("evt_1", "refund.created", refund(900), 5))
    assert Purchase.objects.get().owed == 1000


def test_who_bought_twice_keeps_the_plan_until_both_went_back(ada: Account, sale: Told) -> None:
    tell(sale)
    tell(("evt_second", "checkout.session.completed", session(ada.id.hex, "pi_2"), 1))
    tell(("evt_1", "refund.created", refund(900), 5))
    ada.refresh_from_db()
    assert ada.plan == "paid"
    tell(("evt_2", "refund.created", refund(900, "re_2", "pi_2"), 6))
    ada.refresh_from_db()
    assert (ada.plan, balance(ada)) == ("free", 0)


def test_a_plan_that_an_administrator_gave_is_not_touched(ada: Account, sale: Told) -> None:
    Account.objects.update(plan="unlimited")
    tell(sale)
    tell(("evt_1", "refund.created", refund(900), 5))
    ada.refresh_from_db()
    assert ada.plan == "unlimited"


MOVED = "a purchase gave and took back what its transfers say"
TAMPERINGS = {
    "UPDATE billing_purchase SET credits = credits + 1": MOVED,
    "UPDATE billing_purchase SET returned = 0": MOVED,
    "UPDATE billing_purchase SET owed = 3": "a purchase takes back what its refunds and disputes ask",
    "DELETE FROM billing_purchase": "credits are sold and taken back by purchases",
    "DELETE FROM billing_reversal": "a purchase takes back what its refunds and disputes ask",
}


@pytest.mark.parametrize(("tampering", "rule"), TAMPERINGS.items())
def test_a_tampered_purchase_is_noticed(ada: Account, sale: Told, tampering: str, rule: str) -> None:
    tell(sale)
    tell(("evt_1", "refund.created", refund(450), 5))
    assert audit.faults() == ()
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    assert rule in {fault.rule for fault in audit.faults()}
    _forget_everything()


def _forget_everything() -> None:
    """An empty ledger again."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_transfer DISABLE TRIGGER USER")
        for table in ("transfer", "purse", "purchase", "reversal", "paymentevent"):
            cursor.execute(f"TRUNCATE billing_{table}")
        cursor.execute("ALTER TABLE billing_transfer ENABLE TRIGGER USER")
