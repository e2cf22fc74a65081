"""Tell who asks."""

from __future__ import annotations

from typing import cast

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from ocrchat_server.accounts.models import Account


def account_of(request: HttpRequest) -> Account | None:
    """Whose token came with the request, as the gate found out; None for an anonymous one."""
    return cast(ASGIRequest, request).scope.get("ocrchat.account")
