"""Build the web process's application."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

from ocrchat_server.config.clients import networks_in
from ocrchat_server.config.gate import App, Gate, Receive, Scope, Send
from ocrchat_server.config.headers import is_for_programs

if TYPE_CHECKING:
    from ocrchat_server.accounts.models import Account


class _ForPrograms(ASGIHandler):
    """Django with the two middlewares that programs need: a session or a form costs them nothing."""

    def load_middleware(self, is_async: bool = False) -> None:
        everything, settings.MIDDLEWARE = settings.MIDDLEWARE, settings.API_MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = everything


def application() -> Gate:
    """Django behind the gate, with everything a request needs started already."""
    django.setup(set_prefix=False)

    from ocrchat_server.accounts.lookup import TokenLookup
    from ocrchat_server.api.v1.resources import resources
    from ocrchat_server.billing.plans import WITHOUT_ACCOUNT, plan_at_hand, plan_named
    from ocrchat_server.storage.connections import in_thread
    from ocrchat_server.web.static_files import PREFIX, StaticFiles

    # A request begins without a connection: to look for old ones would cost it a thread and 1 ms.
    request_started.disconnect(reset_queries)
    request_started.disconnect(close_old_connections)
    resources()
    tokens = TokenLookup(settings.OCRCHAT.database_url)
    for_programs, for_people, files = cast(App, _ForPrograms()), cast(App, ASGIHandler()), StaticFiles()

    # Behind a proxy that does the TLS a request comes by http; links, in mails too, are to say https.
    scheme = settings.PUBLIC.scheme

    async def by_address(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_for_programs(scope["path"]):
            if scope["path"].startswith(PREFIX):
                await files(scope, receive, send)
            else:
                await for_people({**scope, "scheme": scheme or scope["scheme"]}, receive, send)
        else:
            await for_programs(scope, receive, send)

    look_up = in_thread(plan_named)

    async def rate_of(account: Account | None) -> int | None:
        name = account.plan if account else WITHOUT_ACCOUNT
        return (plan_at_hand(name) or await look_up(name)).requests_a_minute

    setup = settings.OCRCHAT
    return Gate(by_address, tokens.account_of, setup.limits().bytes, networks_in(setup.proxies), rate_of)
