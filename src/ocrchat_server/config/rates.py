"""Count requests, so that nobody sends more of them than their plan lets them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from ocrchat_server.billing.errors import TooManyRequests

_MOST_CLIENTS = 50_000
"""Clients that are remembered; those who have been quiet for a minute are forgotten when there are more."""

_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client may still send: `left` of `limit`, all of it again in `seconds`."""

    limit: int
    left: int
    seconds: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """As draft-ietf-httpapi-ratelimit-headers says it, and as it was usual before."""
        return [
            (b"ratelimit-policy", f'"minute";q={self.limit};w=60'.encode()),
            (b"ratelimit", f'"minute";r={self.left};t={self.seconds}'.encode()),
            (b"x-ratelimit-limit", str(self.limit).encode()),
            (b"x-ratelimit-remaining", str(self.left).encode()),
            (b"x-ratelimit-reset", str(self.seconds).encode()),
        ]


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """A bucket for each client of one web process, filled evenly, as large as a minute's requests."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, client: str, a_minute: int) -> Standing:
        """Count a request of a client who may send so many a minute. TooManyRequests when none is left."""
        now = self._clock()
        bucket = self._buckets.get(client)
        if bucket is None:
            self._forget_the_quiet(now)
            bucket = self._buckets[client] = _Bucket(a_minute, now)
        bucket.tokens = min(a_minute, bucket.tokens + (now - bucket.at) * a_minute / _MINUTE)
        bucket.at = now
        if bucket.tokens < 1:
            raise TooManyRequests(
                a_minute, max(1, math.ceil((1 - bucket.tokens) * _MINUTE / max(1, a_minute)))
            )
        bucket.tokens -= 1
        missing = a_minute - bucket.tokens
        return Standing(a_minute, int(bucket.tokens), math.ceil(missing * _MINUTE / a_minute))

    def _forget_the_quiet(self, now: float) -> None:
        if len(self._buckets) >= _MOST_CLIENTS:
            kept = {client: each for client, each in self._buckets.items() if now - each.at < _MINUTE}
            self._buckets = kept if len(kept) < _MOST_CLIENTS else {}
