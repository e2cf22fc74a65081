"""Say who pays for a request, out of which purses, and what pages cost."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.utils import timezone

from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.billing.allowance import Payer, payer_at_address, payer_with_account
from ocrchat_server.billing.plans import WITHOUT_ACCOUNT, Plan, plan_named
from ocrchat_server.billing.pricing import Prices


def plan_of(request: HttpRequest) -> Plan:
    """The plan of the account that asks, or of those who have none."""
    account = account_of(request)
    return plan_named(account.plan if account else WITHOUT_ACCOUNT)


def payer_of(request: HttpRequest, plan: Plan) -> Payer:
    """The purses that a request is paid from: an account's, or those of an address."""
    account, now = account_of(request), timezone.now()
    if account is not None:
        return payer_with_account(account.id, plan, now)
    return payer_at_address(address_of(request), plan, now, settings.SECRET_KEY)


def prices_of(plan: Plan) -> Prices:
    """What pages cost under a plan."""
    setup = settings.OCRCHAT
    return Prices(plan.text_layer_credits, setup.credits_cpu, setup.credits_vlm)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; the gate has looked through the proxies that are trusted."""
    client = cast(ASGIRequest, request).scope.get("client")
    return str(client[0]) if client else ""
