"""See an exchange through: answer it, keep the answer, charge it; also when nobody waits for it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ocrchat.answers import Answer, joined
from ocrchat_server.chat.exchange import Exchange
from ocrchat_server.chat.models import Message
from ocrchat_server.chat.queries import answer_to
from ocrchat_server.chat.replying import Replying
from ocrchat_server.chat.services import give_up, keep_exchange
from ocrchat_server.jobs.idempotency import KeyTaken, job_of_key
from ocrchat_server.storage.connections import in_thread

Tell = Callable[[Answer], None]
"""Is given each part of an answer as soon as it is found."""

_under_way: set[asyncio.Task[Message]] = set()


def begun(exchange: Exchange, replying: Replying, tell: Tell) -> asyncio.Task[Message]:
    """The kept answer to come. A client that hangs up does not stop it: what was told is charged and kept."""
    task = asyncio.create_task(_seen_through(exchange, replying, tell))
    _under_way.add(task)
    task.add_done_callback(_done)
    return task


async def _seen_through(exchange: Exchange, replying: Replying, tell: Tell) -> Message:
    parts: list[Answer] = []
    try:
        async for part in replying.parts(exchange.version, exchange.asked):
            parts.append(part)
            tell(part)
        return await in_thread(_kept)(exchange, joined(parts))
    except BaseException:
        await in_thread(give_up)(exchange)
        raise


def _kept(exchange: Exchange, answer: Answer) -> Message:
    try:
        return keep_exchange(exchange, answer)
    except KeyTaken:
        give_up(exchange)
        known = job_of_key(exchange.key) if exchange.key else None
        return answer_to(known or exchange.id)


def _done(task: asyncio.Task[Message]) -> None:
    _under_way.discard(task)
    if not task.cancelled():
        task.exception()  # Whoever waited has seen it; nobody may have.
