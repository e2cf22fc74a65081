"""Strangers name addresses; what only we can reach is not among those that are called."""

from __future__ import annotations

import pytest

from ocrchat.errors import RequestError
from ocrchat_server.jobs.webhooks.addresses import checked_url, may_be_called, networks_in

_OWN = networks_in("10.0.0.0/8,fd00::/8")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - judged, not bound
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "198.18.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd12::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "",
        "example.org",
    ],
)
def test_nothing_private_is_called(address: str) -> None:
    assert not may_be_called(address, (), is_plain=False)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1", "2002:101:101::1", "64:ff9b::101:101"],
)
def test_public_addresses_are_called_by_tls_alone(address: str) -> None:
    assert may_be_called(address, (), is_plain=False)
    assert not may_be_called(address, _OWN, is_plain=True)


@pytest.mark.parametrize("address", ["10.1.2.3", "fd12::1", "::ffff:10.1.2.3", "64:ff9b::a00:1"])
def test_an_operators_own_networks_are_called_without_tls_too(address: str) -> None:
    assert may_be_called(address, _OWN, is_plain=False)
    assert may_be_called(address, _OWN, is_plain=True)
    assert not may_be_called("192.168.1.1", _OWN, is_plain=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "ftp://example.org/",
        "file:///etc/passwd",
        "example.org/hook",
        "https://",
        "https:///hook",
        "https://user:password@example.org/",
        "https://example.org/#part",
        "https://example.org:25/",
        "https://example.org:70000/",
        "https://exa mple.org/",
        "https://example.org/\r\nHost:x",
        "https://b\u00fccher.example/",
        "https://[::1/",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_what_is_no_webhooks_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(RequestError, match="webhook_url"):
        checked_url(url, ())


@pytest.mark.parametrize(
    "url", ["https://example.org", "https://example.org:8443/a?b=c", "https://[2606:4700::1111]/x"]
)
def test_a_webhooks_address_is_taken_as_it_is(url: str) -> None:
    assert checked_url(url, ()) == url


def test_plain_http_is_taken_where_own_networks_may_be_called() -> None:
    assert checked_url("http://hooks.internal:8080/", _OWN) == "http://hooks.internal:8080/"
