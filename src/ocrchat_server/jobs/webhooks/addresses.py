"""Say which addresses may be called: strangers name them, and must not reach what only we can reach."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from ocrchat.errors import RequestError

Networks = tuple[IPv4Network | IPv6Network, ...]

LONGEST_URL = 2000
_WEB_PORTS = (80, 443)
_NAT64 = ip_network("64:ff9b::/96")
"""RFC 6052: an IPv4 address in the last 32 bits."""


def networks_in(text: str) -> Networks:
    """The networks of a setting like `10.0.0.0/8,::1`; ValueError names one that is none."""
    return tuple(ip_network(each.strip(), strict=False) for each in text.split(",") if each.strip())


def checked_url(url: str, own: Networks) -> str:
    """The address, when it looks like a webhook's; else RequestError. Whom it names is seen at the call.

    `https`, or `http` where the operator lets networks of their own be called; a port of the web or above
    1023, lest a message goes to a mail server.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise RequestError("webhook_url is not an address") from None
    allowed = ("https", "http") if own else ("https",)
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise RequestError(f"webhook_url is at most {LONGEST_URL} printable ASCII characters, without spaces")
    if parts.scheme not in allowed or not host:
        raise RequestError(f"webhook_url begins with {' or '.join(f'{each}://' for each in allowed)}")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise RequestError("webhook_url has no user, password or fragment; messages are signed instead")
    if port is not None and port not in _WEB_PORTS and port < 1024:
        raise RequestError("the port of a webhook_url is 80, 443, or above 1023")
    return url


def may_be_called(address: str, own: Networks, *, is_plain: bool) -> bool:
    """Whether an IP address is the public internet's, or in one of the operator's own networks.

    Without TLS (`is_plain`) only the latter. An IPv6 address that stands for an IPv4 address is judged by
    that: mapped (RFC 4291), 6to4 (RFC 3056), NAT64 (RFC 6052).
    """
    try:
        given = _meant(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    if any(given in network for network in own):
        return True
    return not is_plain and _is_public(given)


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    is_site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or is_site_local)
