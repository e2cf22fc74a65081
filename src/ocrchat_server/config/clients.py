"""Tell where a request comes from, behind proxies too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from ocrchat_server.jobs.webhooks.addresses import Networks, networks_in

__all__ = ["Networks", "client_address", "client_of", "networks_in"]


def client_address(peer: str, headers: Sequence[tuple[bytes, bytes]], proxies: Networks) -> str:
    """The address of who asks: the peer, or where that is one of our proxies, whom it names.

    `X-Forwarded-For` is read from its end: each proxy adds who asked it, so what stands before the
    first address that is no proxy of ours may be made up by anybody.
    """
    address = _bare(peer)
    if not _is_among(address, proxies):
        return address
    told = ",".join(value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for")
    for each in reversed(told.split(",")):
        before = _bare(each.strip())
        if not _is_address(before):
            break
        address = before
        if not _is_among(address, proxies):
            break
    return address


def client_of(scope: Mapping[str, object], proxies: Networks) -> str:
    """The same for a request's scope; empty where it came over a socket in a folder and says nothing."""
    peer = scope.get("client")
    headers = scope.get("headers")
    return client_address(
        str(peer[0]) if isinstance(peer, (tuple, list)) and peer else "",
        headers if isinstance(headers, (list, tuple)) else (),
        proxies,
    )


def _bare(text: str) -> str:
    """An address without brackets, port and zone."""
    if text.startswith("["):
        return text[1:].partition("]")[0].partition("%")[0]
    if text.count(":") == 1:
        text = text.partition(":")[0]
    return text.partition("%")[0]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_among(address: str, networks: Networks) -> bool:
    if not _is_address(address):
        return False
    parsed = ip_address(address)
    return any(parsed in network for network in networks)
