"""Say when a message that nobody took is sent again."""

from __future__ import annotations

PAUSES = (5, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""Seconds before the second attempt, the third, ...: the schedule that Standard Webhooks recommends."""

MOST_ATTEMPTS = len(PAUSES) + 1
LATEST = 0.2
"""A pause is longer by up to this share, by chance, so that not all come back at once."""

GONE = 410
"""The status by which a receiver says that it wants nothing any more."""


def pause_after(attempts: int, status: int | None, chance: float) -> float | None:
    """Seconds until the next attempt after so many, or None when there is none; `chance` is 0 to 1.

    `status` is what the receiver answered, None when nothing came.
    """
    if status == GONE or attempts >= MOST_ATTEMPTS:
        return None
    return PAUSES[attempts - 1] * (1 + LATEST * chance)


def is_taken(status: int | None) -> bool:
    """Whether a receiver has taken the message: any 2xx."""
    return status is not None and 200 <= status < 300
