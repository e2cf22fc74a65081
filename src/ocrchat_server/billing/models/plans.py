"""Store what accounts may do, and what they may buy: data, edited by administrators."""

from __future__ import annotations

from enum import StrEnum

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models

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
