"""Wait for jobs to finish without holding a database connection each."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg

from ocrchat_server.jobs.commit import CHANNEL

log = logging.getLogger(__name__)

RECHECK_SECONDS = 2.0
"""How often a waiter looks for itself, lest a lost notification make it wait for ever."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """Somebody who waits for a job; `heard` says whether the ear was open from the beginning."""

    told: asyncio.Event
    heard: bool

    async def is_met(self, is_finished: Callable[[], Awaitable[bool]], seconds: float) -> bool:
        """Whether the job finished within that time; `is_finished` looks the truth up."""
        try:
            async with asyncio.timeout(seconds):
                if not self.heard and await _is_true(is_finished):
                    return True
                while not self.told.is_set():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(RECHECK_SECONDS):
                            await self.told.wait()
                    if not self.told.is_set() and await _is_true(is_finished):
                        break
                return True
        except TimeoutError:
            return False


async def _is_true(is_finished: Callable[[], Awaitable[bool]]) -> bool:
    """What the look-up says; False when it fails: the job is accepted, a lost database may come back."""
    try:
        return await is_finished()
    except Exception as error:
        log.warning("cannot look a job up, will try again: %s", error)
        return False


class JobWatch:
    """Hears of finished jobs over one connection, for all waiters of this process's event loop."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None
        self.hears = False
        """Whether news would be heard at this moment."""

    @contextmanager
    def expecting(self, job: UUID) -> Iterator[Expectation]:
        """Listen for a job's end, from before the job is there: then no news of it can be missed."""
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        told = asyncio.Event()
        self._waiters[job.hex].add(told)
        try:
            yield Expectation(told, self.hears)
        finally:
            self._waiters[job.hex].discard(told)
            if not self._waiters[job.hex]:
                del self._waiters[job.hex]

    async def _listen(self) -> None:
        """Listen for ever; a lost connection is made anew, and waiters meanwhile look for themselves."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self.hears = True
                    async for notification in connection.notifies():
                        for told in self._waiters.get(notification.payload, ()):
                            told.set()
            except psycopg.Error as error:
                self.hears = False
                log.warning("not hearing of finished jobs: %s", error)
                await asyncio.sleep(1.0)
