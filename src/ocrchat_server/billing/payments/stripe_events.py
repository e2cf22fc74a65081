"""Read Stripe's events: which of them are ours, and what they say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from ocrchat_server.billing.errors import BadEvent
from ocrchat_server.billing.models import ReversalKind
from ocrchat_server.billing.payments.base import Event, Reversed, Sold


class _Metadata(NamedTuple):
    """What we write onto a Checkout session, and find again in its events."""

    account: str = "ocrchat_account"
    pack: str = "ocrchat_pack"
    credits: str = "ocrchat_credits"


METADATA = _Metadata()

SALES = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
REFUNDS = ("refund.created", "refund.updated", "refund.failed")
DISPUTES = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
EVENTS = (*SALES, *REFUNDS, *DISPUTES)
"""What the webhook's endpoint is to be sent (docs.stripe.com/api/events/types); all else is passed over."""

_REFUND_STATES = ("pending", "requires_action", "succeeded", "canceled", "failed")
_REFUND_FALLS = ("canceled", "failed")
_DISPUTE_STATES = (
    *("warning_needs_response", "warning_under_review", "warning_closed", "prevented"),
    *("needs_response", "under_review", "lost", "won"),
)
_DISPUTE_STANDS = ("needs_response", "under_review", "lost")
"""An inquiry (`warning_*`) takes no money yet (docs.stripe.com/api/disputes/object)."""


def event_in(body: bytes) -> Event | None:
    """What an event tells; None where it is not ours or nothing is to be done. BadEvent.

    Its signature is to be checked before.
    """
    try:
        data = json.loads(body)
        kind, what = data["type"], data["data"]["object"]
        news = _news_in(kind, what)
        if news is None:
            return None
        return Event(data["id"], "stripe", kind, datetime.fromtimestamp(data["created"], UTC), news)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadEvent(f"this event has not the form of one: {type(error).__name__} {error}") from error


def _news_in(kind: str, what: dict[str, Any]) -> Sold | Reversed | None:
    if kind in SALES:
        return _sale(what)
    if kind in REFUNDS:
        return _reversal(what, ReversalKind.REFUND)
    if kind in DISPUTES:
        return _reversal(what, ReversalKind.DISPUTE)
    return None


def _sale(session: dict[str, Any]) -> Sold | None:
    """A session that was paid; one that is paid later tells so in a later event."""
    wanted = session.get("metadata") or {}
    if METADATA.credits not in wanted or session["payment_status"] == "unpaid":
        return None
    return Sold(
        reference=session["id"],
        payment=session.get("payment_intent") or session["id"],
        account=UUID(wanted[METADATA.account]),
        pack=wanted[METADATA.pack],
        credits=int(wanted[METADATA.credits]),
        price=int(session["amount_total"]),
        currency=session["currency"],
        customer=session.get("customer"),
    )


def _reversal(what: dict[str, Any], kind: ReversalKind) -> Reversed | None:
    """A refund or a dispute as it now is; None where its payment has no intent: such is never ours."""
    if not what.get("payment_intent"):
        return None
    state = str(what["status"])
    order = _REFUND_STATES if kind is ReversalKind.REFUND else _DISPUTE_STATES
    stands = state not in _REFUND_FALLS if kind is ReversalKind.REFUND else state in _DISPUTE_STANDS
    return Reversed(
        reference=what["id"],
        payment=what["payment_intent"],
        kind=kind,
        amount=int(what["amount"]),
        currency=what["currency"],
        state=state,
        stands=stands,
        rank=order.index(state) if state in order else 0,
    )
