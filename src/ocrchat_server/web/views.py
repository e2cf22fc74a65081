"""The pages: what this is, what it costs, how to call it, and an account."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ocrchat.errors import OcrchatError
from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.queries import looks_at, shown, tokens_of
from ocrchat_server.accounts.services import issue_token, revoke_token, rotate_token
from ocrchat_server.billing.allowance import payer_with_account
from ocrchat_server.billing.payments import provider
from ocrchat_server.billing.plans import all_plans, plan_named
from ocrchat_server.billing.queries import customer_of, owed_by, packs_offered, standing_of, transfers_of
from ocrchat_server.web.address import address_of
from ocrchat_server.web.deletion import delete_everything_of

_NEW_TOKEN = "new_token"  # noqa: S105 - where the session keeps one until it was shown


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and the first call."""
    return render(request, "web/home.html", {"address": address_of(request)})


@require_GET
def pricing(request: HttpRequest) -> HttpResponse:
    """The plans and what can be bought."""
    shown_plans = [plan for plan in all_plans() if plan.is_public]
    setup = settings.OCRCHAT
    prices = {"cpu": setup.credits_cpu, "vlm": setup.credits_vlm}
    return render(request, "web/pricing.html", {"plans": shown_plans, "prices": prices, **_for_sale()})


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """How to call the API, as its own schema says it."""
    from ocrchat_server.web.api_docs import routes_described

    context = {"address": address_of(request), "routes": routes_described()}
    return render(request, "web/api_docs.html", context)


@login_required
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: tokens, use, plan, the newest lines of the ledger."""
    owner = _owner(request)
    plan = plan_named(owner.plan)
    standing = standing_of(payer_with_account(owner.id, plan, timezone.now()))
    context = {
        "address": address_of(request),
        "plan": plan,
        "standing": standing,
        "percent": min(100, 100 * standing.used // standing.cap) if standing.cap else 0,
        "tokens": [(token, shown(token)) for token in tokens_of(owner)],
        "new_token": request.session.pop(_NEW_TOKEN, None),
        "shown_once": settings.OCRCHAT.tokens_shown_once,
        "transfers": transfers_of(owner.id)[:20],
        "owed": owed_by(owner.id),
        "looks": looks_at(owner),
        "has_invoices": customer_of(owner.id, provider().name) is not None,
        **_for_sale(),
    }
    return render(request, "web/account.html", context)


@login_required
@require_POST
def change_tokens(request: HttpRequest) -> HttpResponse:
    """Make, replace or revoke a token: `new=NAME`, `rotate=ID`, `revoke=ID`."""
    owner = _owner(request)
    try:
        if "new" in request.POST:
            _show_next(request, issue_token(owner, request.POST["new"]), "The new token is made.")
        elif "rotate" in request.POST:
            token = rotate_token(owner, _number(request.POST["rotate"]))
            _show_next(request, token, "The token is replaced; the old one works no more.")
        elif "revoke" in request.POST:
            revoke_token(owner, _number(request.POST["revoke"]))
            messages.success(request, "The token is revoked.")
    except OcrchatError as error:
        messages.error(request, str(error))
    return redirect("account")


@login_required
@require_http_methods(["GET", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then delete the account with all it has."""
    owner = _owner(request)
    if request.method == "POST":
        if owner.check_password(request.POST.get("password", "")):
            account_id = owner.id
            logout(request)
            delete_everything_of(account_id)
            messages.success(request, "Your account, its tokens and all its documents are deleted.")
            return redirect("home")
        messages.error(request, "That is not your password.")
    return render(request, "web/delete_account.html")


def _owner(request: HttpRequest) -> Account:
    return cast(Account, request.user)


def _for_sale() -> dict[str, Any]:
    """The packs that can be bought here; where none can, whom to ask."""
    packs = packs_offered() if provider().sells else []
    contact = settings.OCRCHAT.contact
    return {"packs": packs, "contact": contact, "contact_text": contact.removeprefix("mailto:")}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 15 else 0


def _show_next(request: HttpRequest, token: str, said: str) -> None:
    """The account's page tells the token, once, where no copy of it is kept."""
    if settings.OCRCHAT.tokens_shown_once:
        request.session[_NEW_TOKEN] = token
    messages.success(request, said)
