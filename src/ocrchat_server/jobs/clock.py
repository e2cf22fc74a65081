"""Know whether a clock can be trusted with deleting things."""

from __future__ import annotations

from dataclasses import dataclass, field

TOLERANCE_SECONDS = 30.0
"""How far two clocks may drift apart between two looks; a disciplined clock drifts by milliseconds."""


@dataclass(slots=True)
class SteadyClock:
    """Watches a wall clock beside one that cannot be set, and trusts it while both run evenly.

    A clock that was set, forward or back, is trusted again when it has run evenly for `settle` seconds:
    a wrong time that somebody corrects within that time deletes nothing.
    """

    settle: float
    _since: float | None = field(default=None, init=False)
    _ahead: float = field(default=0.0, init=False)

    def is_trusted(self, wall: float, monotonic: float) -> bool:
        """Whether what is due by `wall` is due; both in seconds, read at the same moment."""
        ahead = wall - monotonic
        if self._since is None or abs(ahead - self._ahead) > TOLERANCE_SECONDS:
            self._since = monotonic
        self._ahead = ahead
        return monotonic - self._since >= self.settle
