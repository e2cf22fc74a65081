"""Decide whether and when a child that ended is started again."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds and counts that the decisions are made by.

    first_s, longest_s  the pause before a new start, doubled from the one to the other
    stable_s            who ran this long starts over with the first pause
    at_once_s           who ended sooner than this failed at once
    hopeless            failures at once in a row, of a child that never was well
    """

    first_s: float = 0.2
    longest_s: float = 10.0
    stable_s: float = 10.0
    at_once_s: float = 2.0
    hopeless: int = 6


@dataclass(frozen=True, slots=True)
class Restarts:
    """The record of one child: how often in a row it ended, and whether it ever was well.

    Well is who became ready (where there is a way to tell) or ran stably.
    """

    patience: Patience = Patience()
    in_a_row: int = 0
    at_once: int = 0
    was_well: bool = False

    def ready(self) -> Restarts:
        return replace(self, was_well=True)

    def ended(self, lived_s: float) -> Restarts:
        stable = lived_s >= self.patience.stable_s
        return replace(
            self,
            in_a_row=1 if stable else self.in_a_row + 1,
            at_once=self.at_once + 1 if lived_s < self.patience.at_once_s else 0,
            was_well=self.was_well or stable,
        )

    @property
    def pause_s(self) -> float:
        """Seconds until the next start."""
        doublings = min(max(self.in_a_row - 1, 0), 20)
        return min(self.patience.first_s * 2.0**doublings, self.patience.longest_s)

    @property
    def is_hopeless(self) -> bool:
        """Whether starting it again would only repeat the same failure: a taken port, a wrong setting."""
        return not self.was_well and self.at_once >= self.patience.hopeless
