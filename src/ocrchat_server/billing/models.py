"""Store plans, purses, transfers and holds: who may spend what, and where every credit went.

A credit lies in a purse, and moves only by a transfer from one purse to another; so all purses together
hold nothing, whatever happens (double entry). A transfer is never changed or deleted, and it is a
transfer's own trigger that moves the balances (`sql/ledger.sql`). A purse of a client is never below zero:
the database refuses.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from ocrchat_server.billing.money import price_text


class Period(StrEnum):
    """How often an allowance is filled; in UTC."""

    DAY = "day"
    MONTH = "month"


class PlanRow(models.Model):
    """What an account may do: data, edited by administrators, first filled from YAML.

    `allowance` are credits a period, None for no limit. `network_allowance` is what all anonymous
    addresses of an IPv6 /56 have together. `pages_a_file` is the most pages one file may have.
    `text_layer_credits` is what a page costs whose text is taken from the PDF as it is. `weight` is its
    share of a busy server. `requests_a_minute` is None where requests are not counted. `message_credits` is
    what a chat message costs that is answered; `messages_a_day` is how many may be sent a day in UTC: 0 for
    any number, None for what the server's own setting says.
    """

    name = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=80)
    allowance = models.PositiveBigIntegerField(null=True, blank=True)
    period = models.CharField(max_length=5, choices=[(each.value, each.value) for each in Period])
    network_allowance = models.PositiveBigIntegerField(default=0)
    pages_a_file = models.PositiveIntegerField()
    text_layer_credits = models.PositiveSmallIntegerField(default=1)
    weight = models.PositiveSmallIntegerField(default=1)
    requests_a_minute = models.PositiveIntegerField(null=True, blank=True)
    message_credits = models.PositiveSmallIntegerField(default=0)
    messages_a_day = models.PositiveIntegerField(null=True, blank=True)
    is_public = models.BooleanField(default=True)

    class Meta:
        verbose_name = "plan"

    def __str__(self) -> str:
        return self.title


class PackRow(models.Model):
    """Credits that can be bought together; `price` is in the currency's smallest unit (cents)."""

    name = models.SlugField(primary_key=True, max_length=40)
    credits = models.PositiveBigIntegerField(validators=[MinValueValidator(1)])
    price = models.PositiveBigIntegerField(validators=[MinValueValidator(1)])
    currency = models.CharField(
        max_length=3, validators=[RegexValidator("^[a-z]{3}$", "three small letters")]
    )
    is_offered = models.BooleanField(default=True)

    class Meta:
        verbose_name = "pack"

    def __str__(self) -> str:
        return f"{self.credits_text} credits for {self.price_text}"

    @property
    def credits_text(self) -> str:
        """How many, with commas."""
        return f"{self.credits:,}"

    @property
    def price_text(self) -> str:
        """The price as people write it."""
        return price_text(self.price, self.currency)


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


class Customer(models.Model):
    """An account as the payment provider knows it."""

    account = models.UUIDField(primary_key=True)
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, unique=True)


class Purchase(models.Model):
    """Credits that were paid for: `reference` is the provider's sale, `payment` what was paid for it.

    Of its credits, `returned` were taken back by refunds and disputes, and `owed` should have been but were
    not there any more. `price` is in the currency's smallest unit. `plan_before` is the plan that its buyer
    had where buying changed that. `account` is an id and no foreign key, as in the ledger.
    """

    account = models.UUIDField(db_index=True)
    provider = models.CharField(max_length=20)
    reference = models.CharField(max_length=100, unique=True)
    payment = models.CharField(max_length=100, unique=True)
    pack = models.CharField(max_length=40)
    credits = models.PositiveBigIntegerField()
    price = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    returned = models.PositiveBigIntegerField(default=0)
    owed = models.PositiveBigIntegerField(default=0)
    plan_before = models.CharField(max_length=40, blank=True, default="")
    bought_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(credits__gte=models.F("returned") + models.F("owed")),
                name="no_purchase_takes_back_more_than_it_gave",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account"], name="purchases_that_owe", condition=models.Q(owed__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.credits:,} credits for {price_text(self.price, self.currency)}"


class ReversalKind(StrEnum):
    """Why money goes back."""

    REFUND = "refund"
    DISPUTE = "dispute"


class Reversal(models.Model):
    """Money of a payment that goes back, as the provider last said; it may be known before its purchase.

    `stands` is false for a refund that failed and a dispute that was won. `said_at` and `rank` tell which
    word is the later one, in whatever order they come. `amount` is in the currency's smallest unit.
    """

    reference = models.CharField(primary_key=True, max_length=100)
    provider = models.CharField(max_length=20)
    payment = models.CharField(max_length=100, db_index=True)
    kind = models.CharField(max_length=7, choices=[(each.value, each.value) for each in ReversalKind])
    amount = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=40)
    stands = models.BooleanField()
    said_at = models.DateTimeField()
    rank = models.PositiveSmallIntegerField()


class PaymentEvent(models.Model):
    """An event of the payment provider that was acted on, and what was done; once for each id."""

    id = models.CharField(primary_key=True, max_length=100)
    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=80)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    outcome = models.TextField(blank=True, default="")
