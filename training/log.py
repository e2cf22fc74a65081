"""Write down how training goes, one JSON object a line."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from training.checkpoint import State
from training.evaluate import Figures

_MEAN_OF = 25


class Log:
    """Losses as they fall, and what was measured."""

    def __init__(self, path: Path, state: State) -> None:
        self._path, self._state = path, state
        self._since, self._from, self._losses = time.monotonic(), state.lines, list[float]()

    def loss(self, value: float) -> None:
        """One more loss; the mean of 25 is written."""
        self._losses.append(value)
        if len(self._losses) == _MEAN_OF:
            seconds = time.monotonic() - self._since
            speed = (self._state.lines - self._from) / seconds
            mean, rate = sum(self._losses) / _MEAN_OF, self._state.optimizer.param_groups[0]["lr"]
            self._write(loss=round(mean, 4), rate=round(rate, 7), lines_a_second=round(speed, 1))
            self._since, self._from, self._losses = time.monotonic(), self._state.lines, []

    def measured(self, found: dict[str, Figures]) -> bool:
        """Write the figures down; whether the sum of their error rates is the lowest of this run."""
        total = sum(each.cer for each in found.values())
        rows = self._path.read_text().splitlines() if self._path.exists() else []
        best = min((json.loads(row).get("total", float("inf")) for row in rows), default=float("inf"))
        told = {
            name: {"cer": round(f.cer, 5), "ascii": round(f.ascii_cer, 5), "exact": round(f.exact, 4)}
            for name, f in found.items()
        }
        self._write(total=round(total, 6), **told)
        return total < best

    def _write(self, **said: Any) -> None:
        row = {"at": time.strftime("%H:%M:%S"), "lines": self._state.lines, "steps": self._state.steps} | said
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
