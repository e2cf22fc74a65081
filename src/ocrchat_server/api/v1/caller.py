"""Tell who asks."""

from __future__ import annotations

import hashlib
from typing import cast

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from ocrchat_server.accounts.models import Account
from ocrchat_server.billing.allowance import networks_of


def requester_of(request: HttpRequest) -> str:
    """Whose turn a request takes and whose keys it sends: an account, or the address of an anonymous client.

    An address stands there as a keyed digest; of IPv6, the network that one household has.
    """
    account = account_of(request)
    if account is not None:
        return account.id.hex
    own, _ = networks_of(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - no address, not bound
    digest = hashlib.blake2b(own.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=16)
    return f"anonymous:{digest.hexdigest()}"


def account_of(request: HttpRequest) -> Account | None:
    """Whose token came with the request, as the gate found out; None for an anonymous one."""
    return cast(ASGIRequest, request).scope.get("ocrchat.account")
