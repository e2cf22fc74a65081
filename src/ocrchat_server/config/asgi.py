"""Build the web process's application."""

from __future__ import annotations

from typing import cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application

from ocrchat_server.config.gate import App, Gate


def application() -> Gate:
    """Django behind the gate, with everything a request needs started already."""
    django = get_asgi_application()

    from ocrchat_server.accounts.queries import account_of_token
    from ocrchat_server.api.v1.resources import resources
    from ocrchat_server.storage.connections import connections_released

    resources()
    find = sync_to_async(connections_released(account_of_token), thread_sensitive=False)
    return Gate(cast(App, django), find, settings.OCRCHAT.limits().bytes)
