"""Tell django-axes who tries to log in, and from where."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def name_tried(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The address that somebody tries to log in with, in small letters."""
    tried = (credentials or {}).get("email") or (credentials or {}).get("username")
    if not tried and request is not None:
        tried = request.POST.get("login")
    return str(tried).strip().lower() if tried else None


def client_address(request: HttpRequest) -> str | None:
    """Where a request comes from; the gate has looked through the proxies that are trusted."""
    return request.META.get("REMOTE_ADDR") or None
