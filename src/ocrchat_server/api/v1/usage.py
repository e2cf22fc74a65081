"""The route that says what a client has used and has left."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.payment import messages_a_day, payer_of, plan_of
from ocrchat_server.billing.plans import Plan
from ocrchat_server.billing.queries import standing_of
from ocrchat_server.chat.queries import messages_today

router = Router(tags=["about"])


@router.get("/usage/", summary="See what is used and left")
def get_usage(request: HttpRequest) -> dict[str, Any]:
    """The plan, and how many credits of it are used; without a token, those of the caller's address.

    `used` and `cap` are those of the plan's allowance, null where there is no limit, which is filled again
    at `resets_at`; `credits` were bought and come on top. What is set aside for running jobs counts as used.
    `chat`: what an answered message costs, how many were sent today, and may be (null: any number).
    """
    plan = plan_of(request)
    standing = standing_of(payer_of(request, plan))
    return {
        "plan": plan.name,
        "used": standing.free_used,
        "cap": standing.free_cap,
        "credits": standing.credits,
        "resets_at": standing.resets_at.isoformat() if standing.resets_at else None,
        "chat": _chat_of(request, plan),
    }


def _chat_of(request: HttpRequest, plan: Plan) -> dict[str, int | None] | None:
    account = account_of(request)
    if account is None:
        return None
    return {
        "message_credits": plan.message_credits,
        "messages_today": messages_today(account, timezone.now()),
        "messages_a_day": messages_a_day(plan) or None,
    }
