"""Decide whether and when a child that ended is started again."""

from __future__ import annotations

from dataclasses import dataclass, replace

FIRST_S, LONGEST_S = 0.2, 10.0  # pause before a new start: doubled from the one to the other
STABLE_S = 10.0  # who ran this long starts over with the first pause
AT_ONCE_S = 2.0  # who ended sooner than this failed at once
HOPELESS = 6  # failures at once in a row, of a child that never was well


@dataclass(frozen=True, slots=True)
class Restarts:
    """The record of one child: how often in a row it ended, and whether it ever was well.

    Well is who became ready (where there is a way to tell) or ran for STABLE_S.
    """

    in_a_row: int = 0
    at_once: int = 0
    was_well: bool = False

    def ready(self) -> Restarts:
        return replace(self, was_well=True)

    def ended(self, lived_s: float) -> Restarts:
        stable = lived_s >= STABLE_S
        return Restarts(
            in_a_row=1 if stable else self.in_a_row + 1,
            at_once=self.at_once + 1 if lived_s < AT_ONCE_S else 0,
            was_well=self.was_well or stable,
        )

    @property
    def pause_s(self) -> float:
        """Seconds until the next start."""
        return min(FIRST_S * 2.0 ** min(max(self.in_a_row - 1, 0), 20), LONGEST_S)

    @property
    def hopeless(self) -> bool:
        """Whether starting it again would only repeat the same failure: a taken port, a wrong setting."""
        return not self.was_well and self.at_once >= HOPELESS
