"""Whatever clients do in whatever order, the ledger is what a simple book says, and sound."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ocrchat_server.billing import audit
from ocrchat_server.billing.allowance import payer_with_account
from ocrchat_server.billing.errors import OutOfPages
from ocrchat_server.billing.models import House
from ocrchat_server.billing.queries import standing_of
from ocrchat_server.billing.services import forfeit, give, release, reserve, take_back
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


class Ledger(RuleBasedStateMachine):
    """Accounts that buy, read, cancel, are refunded and deleted, through several months."""

    accounts = Bundle("accounts")
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.month = 1
        self.free: dict[tuple[UUID, int], int] = {}
        self.bought: dict[UUID, int] = {}
        self.held = self.earned = 0

    @rule(target=accounts)
    def an_account_is_made(self) -> UUID:
        """It has nothing bought."""
        account = uuid4()
        self.bought[account] = 0
        return account

    @rule(account=accounts, amount=st.integers(1, 30))
    def credits_are_bought(self, account: UUID, amount: int) -> None:
        """They stay."""
        give(account, amount, "a pack")
        self.bought[account] += amount

    @rule(account=accounts, amount=st.integers(1, 40))
    def credits_are_refunded(self, account: UUID, amount: int) -> None:
        """As far as they are there."""
        taken = take_back(account, amount, "a refund")
        assert taken == min(amount, self.bought[account])
        self.bought[account] -= taken

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
        from_free = min(needed, free)
        self.free[account, self.month] = free - from_free
        self.bought[account] -= needed - from_free
        self.held += needed
        return _Job(wish.job, account, self.month, needed, needed - from_free)

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
        totals = audit.totals()
        assert totals.get(House.HELD, 0) == self.held
        assert totals.get(House.EARNED, 0) == self.earned
        assert sum(totals.values()) == 0
        assert audit.faults() == ()

    def teardown(self) -> None:
        """Empty the ledger for the next run."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE billing_transfer DISABLE TRIGGER USER")
            cursor.execute("TRUNCATE billing_purse, billing_hold, billing_transfer")
            cursor.execute("ALTER TABLE billing_transfer ENABLE TRIGGER USER")

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
