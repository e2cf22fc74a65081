"""The routes of the secret that signs an account's webhooks."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from ocrchat_server.accounts.errors import WrongToken
from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.jobs.webhooks.secrets import replace_secret, secret_of

router = Router(tags=["webhooks"])


@router.get("/secret/", summary="See the webhook secret")
def get_secret(request: HttpRequest) -> HttpResponse:
    """The secret that signs this account's webhooks, as Standard Webhooks' libraries take it."""
    return _answer(secret_of(_account(request)))


@router.post("/secret/", summary="Replace the webhook secret")
def post_secret(request: HttpRequest) -> HttpResponse:
    """A new secret; messages are signed by the former one too for a day."""
    return _answer(replace_secret(_account(request)))


def _account(request: HttpRequest) -> UUID:
    account = account_of(request)
    if account is None:
        raise WrongToken("webhooks need an account: send its token")
    return account.id


def _answer(secret: str) -> HttpResponse:
    response = HttpResponse(json.dumps({"secret": secret}), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
