"""Run a worker: fetch work from the queue until told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from threading import Event
from uuid import UUID

import uvloop
from django.conf import settings
from django.db import InterfaceError, OperationalError
from procrastinate import App, PsycopgConnector
from procrastinate.worker import Worker

from ocrchat.engines import EnginePool
from ocrchat.sources import Intake
from ocrchat.typesetting import Typesetters
from ocrchat_server.jobs.dispatch import TASK, ProcrastinateDispatcher
from ocrchat_server.jobs.sweep import requeue_forgotten
from ocrchat_server.jobs.upkeep import Periods, Upkeep
from ocrchat_server.jobs.webhooks.addresses import networks_in
from ocrchat_server.jobs.webhooks.call import Caller
from ocrchat_server.storage.connections import connections_released
from ocrchat_server.storage.opening import opened_store
from ocrchat_server.worker.keeping import keep_exports
from ocrchat_server.worker.reading import Desk, read_batch
from ocrchat_server.worker.sources import KeptSources
from ocrchat_server.worker.telling import Teller

log = logging.getLogger(__name__)

_IDLE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a worker says that it lives, and when a silent one is given up; in seconds."""

    heartbeat: float
    stalled: float


def run_worker(engines: EnginePool, intake: Intake) -> None:
    """Work until SIGTERM or SIGINT; the pages under way are finished, the rest goes back."""
    setup = settings.OCRCHAT
    for warning in intake.check().warnings:
        log.warning("the lock for strangers' files: %s", warning)
    engines.start()
    store = opened_store(setup.data, setup.blobs)
    # One page in each engine, one more in the decoder for each of them.
    concurrency = 2 * setup.engines
    setters = Typesetters(concurrency)
    setters.start()
    desk = Desk(
        engines=engines,
        engine=engines.card.stamp,
        intake=intake,
        setters=setters,
        sources=KeptSources(store, intake),
        store=store,
        dispatcher=ProcrastinateDispatcher(),
        stopping=Event(),
        page_attempts=setup.page_attempts,
        inline_pages=setup.inline_pages,
    )
    rhythm = Rhythm(setup.heartbeat_seconds, setup.stalled_seconds)
    periods = Periods(setup.keep_upload_seconds, setup.settle_seconds, setup.reconcile_seconds)
    teller = Teller(Caller(networks_in(setup.webhook_networks)), f"ocrchat/{version('ocrchat')}")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_work(desk, Upkeep(store, periods), teller, setup.database_url, concurrency, rhythm))
    finally:
        desk.sources.close_idle(0)
        setters.close()


async def _work(
    desk: Desk, upkeep: Upkeep, teller: Teller, conninfo: str, concurrency: int, rhythm: Rhythm
) -> None:
    most = concurrency + 2
    app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=1, max_size=most, reconnect_timeout=3))
    with ThreadPoolExecutor(concurrency, thread_name_prefix="page") as threads:

        @app.task(name=TASK, queue=TASK)
        async def read_pages(job: str, pages: list[int]) -> None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(threads, _read, desk, UUID(job), pages)

        async with app.open_async():
            worker = Worker(
                app,
                queues=[TASK],
                concurrency=concurrency,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=rhythm.heartbeat,
                stalled_worker_timeout=rhythm.stalled,
            )
            _stop_on_signals(desk, worker)
            sweeping = asyncio.create_task(
                _each(rhythm.heartbeat, lambda: _sweep(app, worker.worker_id, desk, rhythm), desk.stopping)
            )
            keeping = asyncio.create_task(
                _each(rhythm.heartbeat, lambda: _keep(app, worker.worker_id, upkeep, rhythm), desk.stopping)
            )
            closing = asyncio.create_task(_close_idle(desk.sources))
            telling = asyncio.create_task(teller.tell_for_ever(desk.stopping))
            log.info(
                "ready: %s %s, %d pages at a time", desk.engine.name, desk.engine.version, desk.engines.size
            )
            try:
                await worker.run()
            finally:
                for each in (sweeping, keeping, closing):
                    each.cancel()
                    with suppress(asyncio.CancelledError):
                        await each
                telling.cancel()
                with suppress(asyncio.CancelledError):
                    await telling
                await teller.finish()


def _read(desk: Desk, job_id: UUID, pages: list[int]) -> None:
    try:
        before = read_batch(desk, job_id, pages)
        if before is not None:
            keep_exports(job_id, before, desk.store, desk.intake, desk.sources)
    except (OSError, OperationalError, InterfaceError) as error:
        # Disk, bucket or database fail: the sweep finds what is left, and enqueues it again.
        log.warning("job %s: put off: %s", job_id.hex, str(error)[:500])


async def _close_idle(sources: KeptSources) -> None:
    """Close files that no batch has asked for in a moment: what is deleted is to be gone."""
    while True:
        await asyncio.sleep(_IDLE_SECONDS)
        await asyncio.to_thread(sources.close_idle, _IDLE_SECONDS)


def _stop_on_signals(desk: Desk, worker: Worker) -> None:
    def stop() -> None:
        desk.stopping.set()
        worker.stop()

    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop)


async def _each(seconds: float, act: Callable[[], Awaitable[None]], stopping: Event) -> None:
    """Act again and again; a failure is logged and tried again at the next turn.

    Who is to stop and fails has lost its database, without which the queue's own stop never ends.
    """
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except Exception:
            log.exception("the sweep failed; it is tried again")
            if stopping.is_set():
                os._exit(1)


async def _sweep(app: App, worker: int | None, desk: Desk, rhythm: Rhythm) -> None:
    """Take back what silent workers hold, then enqueue pages that the queue has forgotten."""
    if worker is not None and not await _is_alive(app, worker, rhythm):
        # The queue's own loop does not outlive a lost database: begin again as a new process.
        log.error("this worker's heartbeat has stopped; ending, so that it is started again")
        os._exit(1)
    for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=rhythm.stalled):
        log.warning("taking back work of a silent worker: %s", stalled.task_kwargs)
        await app.job_manager.retry_job(stalled)
    found = await asyncio.to_thread(_requeue, desk)
    if found:
        log.warning("%d pages were in no queue; enqueued again", found)


async def _keep(app: App, worker: int | None, upkeep: Upkeep, rhythm: Rhythm) -> None:
    """Delete what is due, in the oldest worker whose heart beats; may take long, so beside the sweep."""
    row = await app.connector.execute_query_one_async(
        "SELECT min(id) AS leader FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - make_interval(secs => %(seconds)s)",
        seconds=(rhythm.heartbeat + rhythm.stalled) / 2,
    )
    if worker is not None and row["leader"] == worker:
        await asyncio.to_thread(connections_released(upkeep.run))


async def _is_alive(app: App, worker: int, rhythm: Rhythm) -> bool:
    """Whether the worker's heart still beats, as the database has it."""
    row = await app.connector.execute_query_one_async(
        "SELECT count(*) AS beats FROM procrastinate_workers "
        "WHERE id = %(worker)s AND last_heartbeat > now() - make_interval(secs => %(seconds)s)",
        worker=worker,
        seconds=(rhythm.heartbeat + rhythm.stalled) / 2,
    )
    return bool(row["beats"])


@connections_released
def _requeue(desk: Desk) -> int:
    return requeue_forgotten(desk.dispatcher, desk.inline_pages)
