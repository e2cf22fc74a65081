"""Do what has to be done again and again: delete what is due, and what nobody stands for."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from django.db import connection

from ocrchat_server.accounts.sessions import forget_ended_sessions
from ocrchat_server.billing.messages import release_forgotten_messages
from ocrchat_server.billing.purchases import collect_owed
from ocrchat_server.jobs.clock import SteadyClock
from ocrchat_server.jobs.deletion import clear_tombstones
from ocrchat_server.jobs.fairness import set_tags_back
from ocrchat_server.jobs.reconcile import Suspects, delete_drafts, delete_orphans
from ocrchat_server.jobs.retention import (
    delete_expired,
    delete_uploads,
    forget_old_marks,
    mend_ends_in_the_future,
)
from ocrchat_server.storage.blobs import BlobStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things are kept and how often they are looked at, in seconds.

    `upload` is for how long a file is kept after its job's end; `settle` for how long clocks must have
    run evenly, and a blob been without a row, before anything is deleted for it; `reconcile` lies
    between two looks at all blobs.
    """

    upload: int
    settle: float
    reconcile: float


@dataclass(slots=True)
class Upkeep:
    """What one process, the worker that leads, does at each of its beats."""

    store: BlobStore
    periods: Periods
    _clock: SteadyClock = field(init=False)
    _orphans: Suspects = field(init=False)
    _drafts: Suspects = field(init=False)
    _reconciled: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._clock = SteadyClock(self.periods.settle)
        self._orphans, self._drafts = Suspects(self.periods.settle), Suspects(self.periods.settle)

    def run(self) -> None:
        """Do what is due at this moment."""
        self._count("blobs of deleted jobs", clear_tombstones(self.store))
        if self._clock.is_trusted(_database_time(), time.monotonic()):
            self._count("ends by a clock that ran ahead", mend_ends_in_the_future())
            self._count("uploads", delete_uploads(self.store, self.periods.upload))
            self._count("expired jobs", delete_expired(self.store))
            forget_old_marks()
        set_tags_back()
        self._count("holds of messages that nobody answers", release_forgotten_messages())
        self._count("owed credits", collect_owed())
        now = time.monotonic()
        if self._reconciled is None or now - self._reconciled >= self._pause():
            self._reconciled = now
            self._count("orphaned blobs", delete_orphans(self.store, self._orphans, now))
            self._count("drafts", delete_drafts(self.store, self._drafts, now))
            self._count("ended sessions", forget_ended_sessions())

    def _pause(self) -> float:
        """Seconds until blobs are looked at again: earlier while there are suspects."""
        if self._orphans or self._drafts:
            return min(self.periods.reconcile, self.periods.settle)
        return self.periods.reconcile

    def _count(self, what: str, number: int) -> None:
        if number:
            log.info("%s deleted or mended: %d", what, number)


def _database_time() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        return float(cursor.fetchone()[0])
