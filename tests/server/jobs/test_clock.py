"""A clock is trusted once it has run evenly for a while."""

from __future__ import annotations

from ocrchat_server.jobs.clock import SteadyClock


def test_a_new_watch_trusts_nobody_before_it_has_looked_for_a_while() -> None:
    clock = SteadyClock(settle=600)
    assert [clock.is_trusted(1_000_000.0 + at, at) for at in (0.0, 300.0, 599.0, 600.0)] == [
        False,
        False,
        False,
        True,
    ]


def test_a_clock_that_was_set_is_not_trusted_until_it_ran_evenly_again() -> None:
    clock = SteadyClock(settle=600)
    for at in (0.0, 600.0):
        clock.is_trusted(at, at)
    year = 31_536_000.0
    assert not clock.is_trusted(605.0 + year, 605.0)
    assert not clock.is_trusted(610.0, 610.0), "set back again"
    assert not clock.is_trusted(1000.0, 1000.0)
    assert clock.is_trusted(1210.0, 1210.0)


def test_a_clock_that_is_slewed_stays_trusted() -> None:
    clock = SteadyClock(settle=10)
    trusted = [clock.is_trusted(at * 1.0005, float(at)) for at in range(0, 100_000, 5)]
    assert all(trusted[2:])
