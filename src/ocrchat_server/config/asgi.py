"""Build the web process's application."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.core.asgi import get_asgi_application

from ocrchat_server.config.gate import App, Gate


def application() -> Gate:
    """Django behind the gate, with everything a request needs started already."""
    django = get_asgi_application()

    from ocrchat_server.accounts.lookup import TokenLookup
    from ocrchat_server.api.v1.resources import resources

    resources()
    tokens = TokenLookup(settings.OCRCHAT.database_url)
    return Gate(cast(App, django), tokens.account_of, settings.OCRCHAT.limits().bytes)
