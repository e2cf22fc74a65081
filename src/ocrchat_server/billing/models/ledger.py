"""Store purses, transfers and holds: who may spend what, and where every credit went.

A credit lies in a purse, and moves only by a transfer from one purse to another; so all purses together
hold nothing, whatever happens (double entry). A transfer is never changed or deleted, and it is a
transfer's own trigger that moves the balances (`sql/ledger.sql`). A purse of a client is never below zero:
the database refuses.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar

from django.db import models
from django.utils import timezone


class House(IntEnum):
    """The purses that are nobody's: where credits come from and go to. Their balance is what the
    transfers say; it is stored nowhere, so that no request waits for another's."""

    ISSUED = 1
    """Allowances come from here."""
    SOLD = 2
    """Bought credits come from here; refunded ones go back."""
    GRANTED = 3
    """What administrators give."""
    HELD = 4
    """Set aside for jobs that are not finished and messages not answered; `Hold` knows whose."""
    EARNED = 5
    """Paid for pages that were read and messages that were answered."""
    FORFEITED = 6
    """Left over by deleted accounts."""
    NETWORK = 7
    """Counts what the addresses of one IPv6 /56 use together."""


class Purse(models.Model):
    """Credits of one client: an allowance of one period, or what was bought and granted.

    `granted` is all that ever came in from outside, so `granted - balance` is spent or held. `owner` is
    an account's id and no foreign key: what was charged stays known when the account is gone.
    """

    key = models.CharField(max_length=100, unique=True)
    owner = models.UUIDField(null=True, db_index=True)
    granted = models.BigIntegerField(default=0)
    balance = models.BigIntegerField(default=0)
    ends_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(balance__gte=0), name="no_purse_is_below_zero"),
        ]

    def __str__(self) -> str:
        return self.key


class Reason(StrEnum):
    """Why credits moved."""

    ALLOWANCE = "allowance"
    PURCHASE = "purchase"
    GRANT = "grant"
    REFUND = "refund"
    DISPUTE = "dispute"
    RESERVE = "reserve"
    SETTLE = "settle"
    RELEASE = "release"
    FORFEIT = "forfeit"
    COUNT = "count"


class Transfer(models.Model):
    """Credits that went from one purse to another; inserted, never changed.

    `source` and `target` are ids of purses, below 100 those of `House`. They are no foreign keys: each
    would lock a house's row for every page read; `ocrchat ledger check` looks that all of them exist.
    `purchase` is whose credits they are that were sold, or went back.
    """

    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Reason])
    source = models.BigIntegerField()
    target = models.BigIntegerField()
    amount = models.BigIntegerField()
    job = models.UUIDField(null=True)
    page = models.IntegerField(null=True)
    purchase = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True, default="")
    by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_transfer_moves_something"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="a_transfer_has_two_ends"
            ),
            models.UniqueConstraint(
                fields=["job", "page"], condition=models.Q(reason="settle"), name="a_page_is_charged_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["source", "id"], name="transfers_out", condition=models.Q(source__gte=100)),
            models.Index(fields=["target", "id"], name="transfers_in", condition=models.Q(target__gte=100)),
            models.Index(fields=["job"], name="transfers_of_a_job", condition=models.Q(job__isnull=False)),
            models.Index(
                fields=["purchase"],
                name="transfers_of_a_purchase",
                condition=models.Q(purchase__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.amount}: {self.source} to {self.target}"


class Hold(models.Model):
    """Credits set aside for one job: taken from its purses at the start, back into them at the end.

    So it is with a chat message: `job` is then the message's own id, `about` the job that is asked.
    `first`, `second` and `network` are ids of purses. `prices` are those at the start, so that a change
    of prices finds no job half read. `remaining` is never below zero: a page cannot cost what was
    not set aside.
    """

    job = models.UUIDField(primary_key=True)
    owner = models.UUIDField(null=True, db_index=True)
    first = models.BigIntegerField(null=True)
    second = models.BigIntegerField(null=True)
    network = models.BigIntegerField(null=True)
    from_second = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField()
    remaining = models.BigIntegerField()
    spent = models.BigIntegerField(default=0)
    prices = models.JSONField()
    about = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(remaining__gte=0), name="no_hold_is_below_zero"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=models.F("remaining") + models.F("spent")),
                name="no_hold_gives_more_than_it_has",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["opened_at"], name="open_holds", condition=models.Q(closed_at=None)),
        ]
