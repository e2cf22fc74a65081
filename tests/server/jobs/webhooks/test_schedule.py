"""A message that nobody took is sent again, for about a day."""

from __future__ import annotations

from ocrchat_server.jobs.webhooks.schedule import GONE, MOST_ATTEMPTS, is_taken, pause_after


def test_pauses_grow_and_end_after_eight_attempts() -> None:
    pauses = [pause_after(attempts, 500, 0.0) for attempts in range(1, MOST_ATTEMPTS)]
    assert pauses == sorted(pauses, key=lambda pause: pause or 0.0)
    assert 24 * 3600 < sum(pause or 0.0 for pause in pauses) < 48 * 3600
    assert pause_after(MOST_ATTEMPTS, 500, 0.0) is None
    assert MOST_ATTEMPTS == 8


def test_chance_only_makes_a_pause_longer() -> None:
    assert pause_after(1, None, 0.0) == 5
    assert pause_after(1, None, 1.0) == 6


def test_a_receiver_that_wants_nothing_any_more_is_not_asked_again() -> None:
    assert pause_after(1, GONE, 0.0) is None


def test_only_success_counts_as_taken() -> None:
    assert [is_taken(status) for status in (200, 204, 299, 199, 301, 404, 500, None)] == [True] * 3 + [
        False
    ] * 5
