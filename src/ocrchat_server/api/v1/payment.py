"""Say who pays for a request, out of which purses, and what pages cost."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.utils import timezone

from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.billing.allowance import Payer, payer_at_address, payer_with_account
from ocrchat_server.billing.plans import WITHOUT_ACCOUNT, Plan, plan_named
from ocrchat_server.billing.pricing import MessagePrice, Prices
from ocrchat_server.billing.services import Reservation


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


def wish_of(message: UUID, request: HttpRequest, plan: Plan) -> Reservation:
    """What a chat message of that id may cost, and who pays."""
    price = MessagePrice(plan.message_credits)
    return Reservation(message, payer_of(request, plan), price.credits, price, timezone.now())


def messages_a_day(plan: Plan) -> int:
    """How many chat messages may be sent a day, 0 for any number: the plan's word, else the server's."""
    most: int = settings.OCRCHAT.chat_messages_a_day
    return most if plan.messages_a_day is None else plan.messages_a_day


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; the gate has looked through the proxies that are trusted."""
    client = cast(ASGIRequest, request).scope.get("client")
    return str(client[0]) if client else ""
