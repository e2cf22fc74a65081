"""Nobody sends more requests than the plan lets them."""

from __future__ import annotations

import pytest

from ocrchat_server.billing.errors import TooManyRequests
from ocrchat_server.config.rates import Rates


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_requests_may_come_at_once_and_then_one_at_a_time() -> None:
    clock = Clock()
    rates = Rates(clock)
    assert [rates.take("a", 3).left for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooManyRequests) as refused:
        rates.take("a", 3)
    assert (refused.value.a_minute, refused.value.seconds) == (3, 20)
    clock.now += 20
    assert rates.take("a", 3).left == 0
    with pytest.raises(TooManyRequests):
        rates.take("a", 3)


def test_clients_do_not_count_for_each_other() -> None:
    rates = Rates(Clock())
    rates.take("a", 1)
    assert rates.take("b", 1).left == 0


def test_who_waits_long_has_a_minutes_requests_and_no_more() -> None:
    clock = Clock()
    rates = Rates(clock)
    rates.take("a", 2)
    clock.now += 10_000
    assert rates.take("a", 2).left == 1


def test_the_answer_tells_what_is_left() -> None:
    told = dict(Rates(Clock()).take("a", 60).headers())
    assert told[b"ratelimit-policy"] == b'"minute";q=60;w=60'
    assert told[b"ratelimit"] == b'"minute";r=59;t=1'
    assert (told[b"x-ratelimit-limit"], told[b"x-ratelimit-remaining"]) == (b"60", b"59")


def test_clients_who_are_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ocrchat_server.config.rates._MOST_CLIENTS", 3)
    clock = Clock()
    rates = Rates(clock)
    for name in "abc":
        rates.take(name, 2)
    clock.now += 61
    rates.take("d", 2)
    assert list(rates._buckets) == ["d"]
