"""Say from which purses a client pays: whose, for which time, filled up to what."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from uuid import UUID

from ocrchat_server.billing.models import Period
from ocrchat_server.billing.plans import Plan

UNLIMITED = 10**15
"""What stands in the purse of a plan without a limit."""

ADDRESS_PREFIX, NETWORK_PREFIX = 64, 56
"""What one household has of IPv6: an address costs nothing there, a /64 is the least, a /56 is usual."""


@dataclass(frozen=True, slots=True)
class Payer:
    """The purses of a client, by key: `first` is this period's allowance, filled up to `first_filled`;
    `second` is what was bought; `network` counts what neighbours use together. `client` is an account's
    id. The allowance is filled anew at `ends_at`."""

    client: UUID | None
    first: str
    first_filled: int
    second: str | None
    network: str | None
    network_filled: int
    ends_at: datetime


def payer_with_account(account: UUID, plan: Plan, now: datetime) -> Payer:
    """How an account pays: this period's allowance first, then its credits."""
    begin, end = period_around(now, plan.period)
    filled = UNLIMITED if plan.allowance is None else plan.allowance
    return Payer(
        client=account,
        first=f"allowance:{account.hex}:{begin:%Y-%m-%d}{_mark(plan.period)}",
        first_filled=filled,
        second=credits_key(account),
        network=None,
        network_filled=0,
        ends_at=end,
    )


def payer_at_address(address: str, plan: Plan, now: datetime, secret: str) -> Payer:
    """How an address pays that shows no account; it is stored as a keyed digest only."""
    begin, end = period_around(now, plan.period)
    own, network = networks_of(address)
    time = f"{begin:%Y-%m-%d}{_mark(plan.period)}"
    return Payer(
        client=None,
        first=f"address:{_digest(own, secret)}:{time}",
        first_filled=UNLIMITED if plan.allowance is None else plan.allowance,
        second=None,
        network=f"network:{_digest(network, secret)}:{time}" if network and plan.network_allowance else None,
        network_filled=plan.network_allowance,
        ends_at=end,
    )


def credits_key(account: UUID) -> str:
    """The key of the purse with what an account has bought."""
    return f"credits:{account.hex}"


def networks_of(address: str) -> tuple[str, str | None]:
    """What counts as one client at an address: itself in IPv4, its /64 in IPv6; and, in IPv6, its /56.

    An IPv4 address inside IPv6 (`::ffff:192.0.2.1`) is that IPv4 address. A client without an address,
    as on a socket in a folder, is one client.
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return "nowhere", None
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            own, network = (
                str(ip_network((parsed, prefix), strict=False)) for prefix in (ADDRESS_PREFIX, NETWORK_PREFIX)
            )
            return own, network
        parsed = parsed.ipv4_mapped
    return str(parsed), None


def period_around(now: datetime, period: Period) -> tuple[datetime, datetime]:
    """The first moment of the day or month around `now`, and of the next one; in UTC."""
    begin = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.DAY:
        return begin, begin + timedelta(days=1)
    begin = begin.replace(day=1)
    return begin, (begin + timedelta(days=32)).replace(day=1)


def _mark(period: Period) -> str:
    return "" if period is Period.DAY else "m"


def _digest(network: str, secret: str) -> str:
    return hashlib.blake2b(network.encode(), key=secret.encode()[:64], digest_size=12).hexdigest()
