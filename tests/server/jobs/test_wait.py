"""Waiting for a job's end: told at once, and never fooled by silence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from ocrchat_server.jobs import wait
from ocrchat_server.jobs.commit import CHANNEL
from ocrchat_server.jobs.wait import JobWatch


def _answers(*answers: bool) -> tuple[Callable[[], Awaitable[bool]], list[bool]]:
    """A look-up that gives these answers in turn, and those that are left."""
    left = list(answers)

    async def looked_up() -> bool:
        return left.pop(0)

    return looked_up, left


def test_who_listens_from_the_beginning_asks_nobody(database: None) -> None:
    async def scene() -> bool:
        watch, job = JobWatch(settings.OCRCHAT.database_url), uuid4()
        with watch.expecting(uuid4()):
            while not watch.hears:
                await asyncio.sleep(0.01)
        with watch.expecting(job) as end:
            await asyncio.to_thread(_notify, job.hex)
            return await end.is_met(_answers()[0], 30)

    assert asyncio.run(scene())


def test_an_ear_that_was_not_open_yet_looks_once() -> None:
    async def scene() -> bool:
        with JobWatch("host=/nowhere").expecting(uuid4()) as end:
            return await end.is_met(_answers(True)[0], 30)

    assert asyncio.run(scene())


def test_a_lost_notification_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wait, "RECHECK_SECONDS", 0.01)
    looked_up, left = _answers(False, False, True)

    async def scene() -> bool:
        with JobWatch("host=/nowhere").expecting(uuid4()) as end:
            return await end.is_met(looked_up, 30)

    assert asyncio.run(scene())
    assert left == []


def test_who_waited_long_enough_is_told_so() -> None:
    async def scene() -> bool:
        with JobWatch("host=/nowhere").expecting(uuid4()) as end:
            return await end.is_met(_answers(False)[0], 0.05)

    assert not asyncio.run(scene())


def _notify(news: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, news])
    connection.close()
