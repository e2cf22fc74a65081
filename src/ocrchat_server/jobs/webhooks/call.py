"""Call an address that a stranger has named, once, and tell what it answered."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import certifi
import httpx

from ocrchat_server.jobs.webhooks.addresses import Networks, may_be_called

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The IP addresses of a name, for a port."""

_PORTS = {"https": 443, "http": 80}
_MOST_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """A receiver's status, None when none came; `said` is for people."""

    status: int | None
    said: str


async def addresses_of(host: str, port: int) -> list[str]:
    """What the system's resolver says, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)  # TCP
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def trusted_roots() -> ssl.SSLContext:
    """TLS that trusts the system's roots, those of SSL_CERT_FILE, and Mozilla's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True, slots=True)
class Caller:
    """Posts messages; `own` are networks that may be called though they are private.

    A name is resolved once, and the call goes to an address that was looked at: a name that means another
    machine a moment later gains nothing. TLS is still verified against the name. Redirects are answers like
    any other; of an answer only the status is read, and all of it ends after `seconds`.
    """

    own: Networks = ()
    seconds: float = 15.0
    tls: ssl.SSLContext = field(default_factory=trusted_roots)
    resolve: Resolve = addresses_of

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the receiver answers; never raises for what a receiver or its network does."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._posted(url, headers, body)
        except TimeoutError:
            return Answer(None, f"no answer within {self.seconds:g} s")
        except (OSError, UnicodeError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
            return Answer(None, (str(error) or type(error).__name__)[:200])

    async def _posted(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        is_plain = parts.scheme == "http"
        found = await self.resolve(host, port)
        allowed = [each for each in found if may_be_called(each, self.own, is_plain=is_plain)]
        if not allowed:
            return Answer(None, f"{host} has no address that may be called")
        sent = {**headers, "Host": parts.netloc, "Connection": "close"}
        failed = ""
        async with httpx.AsyncClient(
            verify=self.tls, trust_env=False, follow_redirects=False, timeout=self.seconds
        ) as client:
            for address in allowed[:_MOST_ADDRESSES]:
                there = f"[{address}]" if ":" in address else address
                target = urlunsplit((parts.scheme, f"{there}:{port}", parts.path or "/", parts.query, ""))
                try:
                    async with client.stream(
                        "POST", target, content=body, headers=sent, extensions={"sni_hostname": host}
                    ) as response:
                        return Answer(response.status_code, f"answered {response.status_code}")
                except httpx.ConnectError as error:
                    failed = str(error)
        return Answer(None, f"{host} cannot be reached: {failed}"[:200])
