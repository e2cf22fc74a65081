"""Sell credits through the payment provider that the settings name."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from ocrchat_server.billing.payments.base import PaymentProvider
from ocrchat_server.billing.payments.manual import ManualProvider


@cache
def provider() -> PaymentProvider:
    """This process's provider: `manual`, or `stripe`, whose package is imported only then."""
    setup = settings.OCRCHAT
    if setup.payments == ManualProvider.name:
        return ManualProvider()
    from ocrchat_server.billing.payments.stripe import StripeProvider

    return StripeProvider(setup.stripe_key, setup.stripe_webhook_secret, setup.stripe_address)


__all__ = ["PaymentProvider", "provider"]
