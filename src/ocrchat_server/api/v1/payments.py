"""The route by which a payment provider tells what became of people's money."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from ninja import Router

from ocrchat_server.billing.payments import provider
from ocrchat_server.billing.purchases import take_in

router = Router(tags=["about"])


@router.post("/payments/{name}/events/", include_in_schema=False)
def take_event(request: HttpRequest, name: str) -> dict[str, str]:
    """Act on a signed event, once; the answer says what was done, for who reads the provider's log of it."""
    taken = provider()
    if name != taken.name or not taken.sells:
        raise Http404
    event = taken.event(request.body, request.headers.get("Stripe-Signature", ""))
    return {"did": take_in(event) if event else "nothing: it does not concern this server"}
