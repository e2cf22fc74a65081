"""Tell clients of their jobs' ends: send what is due in the outbox, many at a time."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Event
from uuid import UUID

from ocrchat_server.jobs.webhooks.call import Caller
from ocrchat_server.jobs.webhooks.outbox import AT_ONCE_EACH, Message, settle, take_due
from ocrchat_server.jobs.webhooks.signature import signed_headers
from ocrchat_server.storage.connections import connections_released

log = logging.getLogger(__name__)

AT_ONCE = 64
LOOK_SECONDS = 1.0
"""How often a worker looks whether anything is due."""


@dataclass(slots=True)
class Teller:
    """Sends messages from one worker; each is sent at least once, and known by its id."""

    caller: Caller
    agent: str
    _under_way: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _accounts: Counter[UUID] = field(default_factory=Counter, init=False)

    async def tell_for_ever(self, stopping: Event) -> None:
        """Send what is due until the worker is to stop; `finish` waits for what is under way then."""
        while not stopping.is_set():
            try:
                begun = await self.begin()
            except Exception:
                log.exception("the outbox cannot be read; it is tried again")
                begun = 0
            if begun:
                await asyncio.wait(self._under_way, timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
            else:
                await asyncio.sleep(LOOK_SECONDS)

    async def begin(self) -> int:
        """Begin to send what is due, as far as there is room; the number of messages."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return 0
        busy = [account for account, count in self._accounts.items() if count >= AT_ONCE_EACH]
        due = await asyncio.to_thread(connections_released(take_due), room, busy)
        for message in due:
            self._accounts[message.account] += 1
            task = asyncio.create_task(self._tell(message))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(due)

    async def finish(self) -> None:
        """Wait for what is under way; each call is bounded."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _tell(self, message: Message) -> None:
        try:
            headers = {
                "Content-Type": "application/json",
                "User-Agent": self.agent,
                **signed_headers(message.secrets, message.id, int(time.time()), message.body),
            }
            answer = await self.caller.post(message.url, headers, message.body)
            await asyncio.to_thread(connections_released(settle), message, answer, random.random())  # noqa: S311
        except Exception:  # the database is away: the message's lease runs out, and it is sent again
            log.exception("job %s: what came of its webhook could not be kept", message.job.hex)
        finally:
            self._accounts[message.account] -= 1
            self._accounts += Counter()  # forgets who has none
