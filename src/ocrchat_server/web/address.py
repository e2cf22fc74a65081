"""Say where people reach this server."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The server's own address, without a slash at its end: as set, or as it was asked by."""
    return settings.OCRCHAT.public_url or f"{request.scheme}://{request.get_host()}"
