"""Stand in front of Django: know who asks and how much they send, before a body is read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from ocrchat.errors import RequestError, SourceTooLarge
from ocrchat_server.accounts.errors import WrongToken
from ocrchat_server.api.v1.errors import error_response
from ocrchat_server.billing.allowance import networks_of
from ocrchat_server.config.clients import Networks, client_of
from ocrchat_server.config.headers import HEADERS
from ocrchat_server.config.rates import Rates

if TYPE_CHECKING:
    from ocrchat_server.accounts.models import Account

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

RateOf = Callable[["Account | None"], Awaitable[int | None]]
"""Requests a minute that an account may send, or who has none; None for any number."""

FORM_BYTES = 1 << 20
"""What a form may have beside its file."""

_DRAINED_BYTES = 4 << 20
"""How much of a refused body is read, so that its sender is listening when the refusal comes."""


_DRAINED_SECONDS = 2.0
"""For how long; who sends slowly is not waited for."""

_SILENCE_SECONDS = 30.0
"""How long a body may pause before it is given up."""


class _BodyTooLarge(Exception):
    pass


class _BodyStalled(Exception):
    pass


class Gate:
    """An ASGI application around Django's.

    A token that is shown must be right (401), whatever the route; it is taken out of the query
    string, so that nothing behind the gate can write it down. A body over the limit is refused from
    its Content-Length, or cut off while it streams in. Routes of the API are found with and without
    their last slash. Behind proxies of ours the client is whom they name.
    """

    def __init__(
        self,
        app: App,
        account_of: Callable[[str], Awaitable[Account | None]],
        most_bytes: int,
        proxies: Networks = (),
        rate_of: RateOf | None = None,
        silence_seconds: float = _SILENCE_SECONDS,
    ) -> None:
        self._app, self._account_of, self._most_bytes = app, account_of, most_bytes
        self._proxies, self._silence = proxies, silence_seconds
        self._rate_of, self._rates = rate_of, Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "client": (client_of(scope, self._proxies), 0)}
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        scope = {**scope, "path": _with_slash(scope["path"])}
        counted = _Counted(receive, self._most_bytes + FORM_BYTES, self._silence)
        try:
            scope["ocrchat.account"] = await self._account(scope)
            send = await self._counted(scope, send)
            self._check_length(scope)
        except Exception as error:  # also a database that is away: the contract knows no 500
            await _refuse(error, scope, receive, send)
            return
        try:
            await self._app(scope, counted, send)
        except _BodyTooLarge:
            await _refuse(self._too_large(counted.received), scope, receive, send)
        except _BodyStalled:
            stalled = RequestError(f"the upload paused for over {self._silence:g} seconds; send it again")
            await _refuse(stalled, scope, receive, send)

    async def _counted(self, scope: Scope, send: Send) -> Send:
        """A `send` that tells how many requests are left. TooManyRequests when none is."""
        account = scope["ocrchat.account"]
        a_minute = await self._rate_of(account) if self._rate_of else None
        if a_minute is None:
            return send
        client = account.id.hex if account else networks_of(scope["client"][0])[0]
        headers = self._rates.take(client, a_minute).headers()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *headers]}
            await send(message)

        return told

    async def _account(self, scope: Scope) -> Account | None:
        """Whose token is shown; None when none is. WrongToken for any other."""
        shown = set()
        for name, value in scope["headers"]:
            if name == b"authorization":
                scheme, _, token = value.decode("latin-1").partition(" ")
                shown.add(token.strip() if scheme.lower() == "bearer" else "")
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        shown |= {value for name, value in query if name == "api_token"}
        kept = [(name, value) for name, value in query if name != "api_token"]
        if len(kept) < len(query):
            scope["query_string"] = urlencode(kept).encode()
        if not shown:
            return None
        account = await self._account_of(shown.pop()) if len(shown) == 1 else None
        if account is None:
            raise WrongToken(
                "the token is not valid; send `Authorization: Bearer TOKEN` or `?api_token=TOKEN`"
            )
        return account

    def _check_length(self, scope: Scope) -> None:
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        length = int(stated) if stated.isdigit() else 0
        if length > self._most_bytes + FORM_BYTES:
            raise self._too_large(length)

    def _too_large(self, received: int) -> SourceTooLarge:
        return SourceTooLarge("upload", self._most_bytes, received, "bytes")


class _Counted:
    """A `receive` that counts, and stops at the limit, or when the body stops coming."""

    def __init__(self, receive: Receive, most: int, silence: float) -> None:
        self._receive, self._most, self._silence = receive, most, silence
        self._is_complete = False
        self.received = 0

    async def __call__(self) -> Message:
        if self._is_complete:
            return await self._receive()  # the news that the client has gone may take its time
        try:
            async with asyncio.timeout(self._silence):
                message = await self._receive()
        except TimeoutError:
            raise _BodyStalled from None
        self._is_complete = not message.get("more_body")
        self.received += len(message.get("body", b""))
        if self.received > self._most:
            raise _BodyTooLarge
        return message


def _with_slash(path: str) -> str:
    """The path as the routes have it: with a slash at its end, but for files such as openapi.json."""
    return path if path.endswith("/") or "." in path.rpartition("/")[2] else path + "/"


async def _refuse(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer without Django, and hang up after it."""
    await _drain(scope, receive)
    response = error_response(error)
    named = {**HEADERS, **response.headers}
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()]
    headers += [(b"content-length", str(len(response.content)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


async def _drain(scope: Scope, receive: Receive) -> None:
    """Read on a little, unless the sender waits to be asked for its body."""
    if dict(scope["headers"]).get(b"expect", b"").lower() == b"100-continue":
        return
    drained = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAINED_SECONDS):
            while drained < _DRAINED_BYTES:
                message = await receive()
                drained += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
