"""Store what was bought, what of it went back, and what the payment provider said."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ocrchat_server.billing.money import price_text


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
