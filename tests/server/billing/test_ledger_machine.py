"""Whatever clients do in whatever order, the ledger is what a simple book says, and sound."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ocrchat_server.accounts.services import create_account
from ocrchat_server.billing import audit
from ocrchat_server.billing.allowance import payer_with_account
from ocrchat_server.billing.errors import OutOfPages
from ocrchat_server.billing.messages import release_forgotten_messages, reserve_message, settle_message
from ocrchat_server.billing.models import House, Purchase, ReversalKind
from ocrchat_server.billing.payments.base import Event, Reversed, Sold
from ocrchat_server.billing.pricing import MessagePrice
from ocrchat_server.billing.purchases import collect_owed, take_in
from ocrchat_server.billing.queries import standing_of
from ocrchat_server.billing.services import Reservation, forfeit, give, release, reserve, take_back
from tests.server.billing.conftest import plan_of, reservation_of

ALLOWANCE = 12


@dataclass
class _Job:
    """A job as the book has it."""

    id: UUID
    owner: UUID
    month: int
    remaining: int
    from_bought: int
    pages: int = 0
    is_open: bool = True


@dataclass
class _Sale:
    """A purchase as the book has it: `back` is the money of each refund that stands."""

    payment: str
    owner: UUID
    credits: int
    price: int
    returned: int = 0
    back: dict[int, int] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """Credits that are to go back."""
        return min(self.credits, self.credits * sum(self.back.values()) // self.price)


class Ledger(RuleBasedStateMachine):
    """Accounts that buy, read, chat, cancel, are refunded and deleted, through several months."""

    accounts = Bundle("accounts")
    jobs = Bundle("jobs")
    messages = Bundle("messages")
    sales = Bundle("sales")

    def __init__(self) -> None:
        super().__init__()
        self.month = 1
        self.free: dict[tuple[UUID, int], int] = {}
        self.bought: dict[UUID, int] = {}
        self.held = self.earned = self.events = 0
        self.sales_made: list[_Sale] = []
        self.messages_sent: list[_Job] = []

    @rule(target=accounts)
    def an_account_is_made(self) -> UUID:
        """It has nothing bought."""
        account = create_account(f"{uuid4().hex}@example.org", "free")[0].id
        self.bought[account] = 0
        return account

    @rule(account=accounts, amount=st.integers(1, 30))
    def credits_are_granted(self, account: UUID, amount: int) -> None:
        """They stay."""
        give(account, amount, "a gift")
        self.bought[account] += amount

    @rule(account=accounts, amount=st.integers(1, 40))
    def a_grant_is_taken_back(self, account: UUID, amount: int) -> None:
        """As far as it is there."""
        taken = take_back(account, amount, "by mistake")
        assert taken == min(amount, self.bought[account])
        self.bought[account] -= taken

    @rule(target=sales, account=accounts, amount=st.integers(1, 30), price=st.integers(1, 90))
    def credits_are_sold(self, account: UUID, amount: int, price: int) -> _Sale:
        """They stay, but for what refunds that came before take back."""
        sale = _Sale(uuid4().hex, account, amount, price)
        self.sales_made.append(sale)
        self._tell(Sold(sale.payment, sale.payment, account, "some", amount, price, "eur", None))
        self.bought[account] += amount
        return sale

    @rule(sale=sales, number=st.integers(1, 3), money=st.integers(1, 60), stands=st.booleans())
    def money_goes_back_or_does_not(self, sale: _Sale, number: int, money: int, stands: bool) -> None:
        """A refund is made, or what was said of it changes; credits follow as far as they are there."""
        sale.back[number] = money if stands else 0
        self._tell(
            Reversed(
                reference=f"{sale.payment}-{number}",
                payment=sale.payment,
                kind=ReversalKind.REFUND,
                amount=money,
                currency="eur",
                state="succeeded" if stands else "failed",
                stands=stands,
                rank=0,
            )
        )
        self._squared(sale)

    @rule()
    def what_is_owed_is_collected(self) -> None:
        """From whoever has something by now, the oldest purchase first."""
        before = sum(self.bought.values())
        for sale in self.sales_made:
            if self.bought[sale.owner]:
                self._squared(sale)
        assert collect_owed() == before - sum(self.bought.values())

    @rule(account=accounts)
    def an_account_is_deleted(self, account: UUID) -> None:
        """What it had bought is let go."""
        assert forfeit(account) == self.bought[account]
        self.bought[account] = 0

    @rule(target=jobs, account=accounts, needed=st.integers(0, 25))
    def a_job_is_posted(self, account: UUID, needed: int) -> _Job:
        """It is accepted when there is enough, and refused when there is not."""
        free = self.free.get((account, self.month), ALLOWANCE)
        wish = reservation_of(
            payer_with_account(account, plan_of(ALLOWANCE), self._now()), needed, self._now()
        )
        if needed > free + self.bought[account]:
            with pytest.raises(OutOfPages):
                reserve(wish)
            return _Job(wish.job, account, self.month, 0, 0, is_open=False)
        reserve(wish)
        return self._set_aside(wish.job, account, needed)

    @rule(target=messages, account=accounts, price=st.integers(1, 4))
    def a_message_is_sent(self, account: UUID, price: int) -> _Job:
        """It is let in when there is enough, and refused when there is not."""
        free = self.free.get((account, self.month), ALLOWANCE)
        payer = payer_with_account(account, plan_of(ALLOWANCE), self._now())
        wish = Reservation(uuid4(), payer, price, MessagePrice(price), self._now())
        if price > free + self.bought[account]:
            with pytest.raises(OutOfPages):
                reserve_message(wish, uuid4())
            return _Job(wish.job, account, self.month, 0, 0, is_open=False)
        reserve_message(wish, uuid4())
        message = self._set_aside(wish.job, account, price)
        self.messages_sent.append(message)
        return message

    @rule(message=messages, is_found=st.booleans())
    def a_message_is_answered(self, message: _Job, is_found: bool) -> None:
        """It costs all that was set aside, once; where nothing is found, nothing."""
        if not message.is_open:
            with pytest.raises(DatabaseError), transaction.atomic():
                settle_message(message.id)
        elif is_found:
            assert settle_message(message.id) == message.remaining
            self.held -= message.remaining
            self.earned += message.remaining
            message.remaining, message.is_open = 0, False
        else:
            assert release(message.id) == message.remaining
            self._give_back(message)

    @rule()
    def messages_are_forgotten(self) -> None:
        """What dead processes held for them comes back; what jobs hold stays."""
        forgotten = [each for each in self.messages_sent if each.is_open]
        assert release_forgotten_messages(-10 * 365 * 86400) == len(forgotten)
        for each in forgotten:
            self._give_back(each)

    @rule(job=jobs, price=st.integers(0, 5), is_last=st.booleans())
    def a_page_is_read(self, job: _Job, price: int, is_last: bool) -> None:
        """It is paid from what was set aside."""
        if not job.is_open or price > job.remaining:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT billing_settle(%s, %s, %s, %s)", [job.id, job.pages, price, is_last])
        job.pages += 1
        job.remaining -= price
        self.held -= price
        self.earned += price
        if is_last:
            self._give_back(job)

    @rule(job=jobs)
    def a_job_is_cancelled(self, job: _Job) -> None:
        """The rest comes back, once."""
        assert release(job.id) == job.remaining
        self._give_back(job)

    @rule()
    def a_month_goes_by(self) -> None:
        """Allowances are filled anew."""
        self.month = min(12, self.month + 1)

    @invariant()
    def the_ledger_is_what_the_book_says(self) -> None:
        """Every purse, what is held, what is earned; and the ledger's own rules."""
        for account, bought in self.bought.items():
            standing = standing_of(payer_with_account(account, plan_of(ALLOWANCE), self._now()))
            assert standing.credits == bought
            assert standing.left == bought + self.free.get((account, self.month), ALLOWANCE)
        owed = sum(sale.due - sale.returned for sale in self.sales_made)
        assert sum(Purchase.objects.values_list("owed", flat=True)) == owed
        totals = audit.totals()
        assert totals.get(House.HELD, 0) == self.held
        assert totals.get(House.EARNED, 0) == self.earned
        assert sum(totals.values()) == 0
        assert audit.faults() == ()

    def teardown(self) -> None:
        """Empty the ledger for the next run."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE billing_transfer DISABLE TRIGGER USER")
            cursor.execute("TRUNCATE billing_purse, billing_hold, billing_transfer, billing_purchase")
            cursor.execute("TRUNCATE billing_reversal, billing_paymentevent")
            cursor.execute("ALTER TABLE billing_transfer ENABLE TRIGGER USER")

    def _tell(self, news: Sold | Reversed) -> None:
        """As the payment provider does, each event later than the one before; twice, since it may."""
        self.events += 1
        said_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.events)
        event = Event(f"evt_{uuid4().hex}", "stripe", "some", said_at, news)
        take_in(event)
        take_in(event)

    def _squared(self, sale: _Sale) -> None:
        """Take what is due and there, or give again what is not due any more."""
        moved = min(sale.due - sale.returned, self.bought[sale.owner])
        sale.returned += moved
        self.bought[sale.owner] -= moved

    def _set_aside(self, held: UUID, account: UUID, needed: int) -> _Job:
        """From the allowance first."""
        free = self.free.get((account, self.month), ALLOWANCE)
        from_free = min(needed, free)
        self.free[account, self.month] = free - from_free
        self.bought[account] -= needed - from_free
        self.held += needed
        return _Job(held, account, self.month, needed, needed - from_free)

    def _now(self) -> datetime:
        return datetime(2027, self.month, 15, tzinfo=UTC)

    def _give_back(self, job: _Job) -> None:
        to_bought = min(job.remaining, job.from_bought)
        self.bought[job.owner] += to_bought
        if job.remaining > to_bought:
            self.free[job.owner, job.month] += job.remaining - to_bought
        self.held -= job.remaining
        job.remaining, job.is_open = 0, False


@pytest.mark.usefixtures("database")
def test_the_ledger_is_what_a_simple_book_says() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
