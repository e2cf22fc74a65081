"""A child that ends is started again: soon at first, then later and later, and not for ever."""

from __future__ import annotations

from ocrchat_server.embedded.restarts import Patience, Restarts

HOPELESS, STABLE_S = Patience().hopeless, Patience().stable_s


def _after(*lives_s: float, record: Restarts | None = None) -> Restarts:
    record = record or Restarts()
    for lived_s in lives_s:
        record = record.ended(lived_s)
    return record


def test_the_pause_doubles_from_a_fifth_of_a_second_to_ten() -> None:
    pauses = [_after(*[0.1] * times).pause_s for times in range(1, 9)]
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_a_thousand_failures_still_pause_ten_seconds() -> None:
    assert _after(*[0.1] * 1000).pause_s == 10.0


def test_who_ran_stably_starts_over_with_the_shortest_pause() -> None:
    assert _after(0.1, 0.1, 0.1, STABLE_S).pause_s == 0.2


def test_who_always_fails_at_once_is_hopeless() -> None:
    assert not _after(*[0.1] * (HOPELESS - 1)).is_hopeless
    assert _after(*[0.1] * HOPELESS).is_hopeless


def test_a_longer_life_in_between_keeps_the_hope() -> None:
    assert not _after(*[0.1] * (HOPELESS - 1), 3.0, 0.1).is_hopeless


def test_who_was_well_once_is_never_given_up() -> None:
    assert not _after(*[0.1] * 50, record=Restarts().ready()).is_hopeless
    assert not _after(STABLE_S, *[0.1] * 50).is_hopeless
