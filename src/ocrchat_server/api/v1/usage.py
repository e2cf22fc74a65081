"""The route that says what a client has used and has left."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from ocrchat_server.api.v1.payment import payer_of, plan_of
from ocrchat_server.billing.queries import standing_of

router = Router(tags=["about"])


@router.get("/usage/", summary="See what is used and left")
def get_usage(request: HttpRequest) -> dict[str, Any]:
    """The plan, and how many credits of it are used; without a token, those of the caller's address.

    `used` and `cap` are those of the plan's allowance, null where there is no limit, which is filled again
    at `resets_at`; `credits` were bought and come on top. What is set aside for running jobs counts as used.
    """
    plan = plan_of(request)
    standing = standing_of(payer_of(request, plan))
    return {
        "plan": plan.name,
        "used": standing.free_used,
        "cap": standing.free_cap,
        "credits": standing.credits,
        "resets_at": standing.resets_at.isoformat() if standing.resets_at else None,
    }
