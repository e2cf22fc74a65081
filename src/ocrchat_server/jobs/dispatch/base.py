"""Say what a queue must do for us: carry the news that some pages wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Work:
    """Some pages of a job that wait to be read; a higher priority is taken earlier."""

    job: UUID
    pages: tuple[int, ...]
    priority: int


class Dispatcher(Protocol):
    """A queue; it may deliver work twice, and may forget none of it."""

    def enqueue(self, works: Sequence[Work]) -> None:
        """Enqueue within the caller's database transaction: all of it, or nothing on a rollback."""
        ...
