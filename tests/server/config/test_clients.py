"""Who asks, when proxies stand between."""

from __future__ import annotations

import pytest

from ocrchat_server.config.clients import client_address, networks_in

PROXIES = networks_in("10.0.0.0/8, ::1")


def _address(peer: str, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    return client_address(peer, headers, PROXIES)


def test_a_stranger_is_believed_nothing() -> None:
    assert _address("192.0.2.1", "198.51.100.7") == "192.0.2.1"


def test_our_proxy_tells_who_asked_it() -> None:
    assert _address("10.1.2.3", "198.51.100.7") == "198.51.100.7"
    assert _address("::1", "2001:db8::1") == "2001:db8::1"


def test_what_a_client_made_up_before_our_proxies_counts_for_nothing() -> None:
    assert _address("10.1.2.3", "203.0.113.9, 198.51.100.7, 10.9.9.9") == "198.51.100.7"
    assert _address("10.1.2.3", "203.0.113.9", "198.51.100.7") == "198.51.100.7"


@pytest.mark.parametrize("told", ["", "unknown", "10.0.0.300", "<script>"])
def test_a_proxy_that_names_nobody_is_the_client(told: str) -> None:
    assert _address("10.1.2.3", told) == "10.1.2.3"


@pytest.mark.parametrize("told", ["198.51.100.7:4711", "[2001:db8::1]:80", "2001:db8::1%eth0"])
def test_ports_and_zones_are_no_part_of_an_address(told: str) -> None:
    assert _address("10.1.2.3", told) in ("198.51.100.7", "2001:db8::1")
