"""Read a batch of pages and commit each one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections, transaction

from ocrchat.engines import EnginePool
from ocrchat.errors import EngineDied, EngineFailed, RequestError, SourceError
from ocrchat.model import EngineStamp, Page
from ocrchat.options import Options
from ocrchat.pipeline import page_read
from ocrchat.sources import Intake, OpenSource
from ocrchat_server.jobs.commit import claim_page, commit_page, put_back
from ocrchat_server.jobs.dispatch import Dispatcher, Work
from ocrchat_server.jobs.fairness import AGAIN
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import job_by_id
from ocrchat_server.jobs.submit import password_of
from ocrchat_server.storage.blobs import BlobMissing, BlobStore
from ocrchat_server.storage.connections import released_connections

log = logging.getLogger(__name__)

_PAUSES = (0.5, 1.0, 2.0, 5.0, 5.0, 5.0, 5.0, 5.0)
"""Seconds between attempts to commit a page, while disk, bucket or database fail."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker reads with; safe to use from several threads."""

    engines: EnginePool
    engine: EngineStamp
    intake: Intake
    store: BlobStore
    dispatcher: Dispatcher
    stopping: Event
    page_attempts: int
    inline_pages: int


def read_batch(desk: Desk, job_id: UUID, indices: Sequence[int]) -> Job | None:
    """Read those pages of a job that are still open, each committed before the next is begun.

    When the worker is to stop, what is left goes back into the queue.
    """
    with released_connections():
        job = job_by_id(job_id)
        if job is None or job.finished_at is not None:
            return None
        options = Options(
            tier=job.tier,
            languages=tuple(job.languages),
            password=password_of(job),
            text_layer=job.text_layer,
        )
        with _opened(desk, job, options) as source:
            for place, index in enumerate(indices):
                if desk.stopping.is_set():
                    _hand_back(desk, job, indices[place:])
                    return job
                _read_page(desk, job, source, index, options)
        return job


def _read_page(desk: Desk, job: Job, source: OpenSource | SourceError, index: int, options: Options) -> None:
    """Try a page until an attempt is committed; when its attempts are used up, the failure is."""
    died = "its reader died"
    while (attempt := claim_page(job.id, index)) is not None:
        try:
            if attempt > desk.page_attempts:
                page = _failed(index, f"given up after {desk.page_attempts} attempts: {died}")
            elif isinstance(source, SourceError):
                page = _failed(index, str(source))
            else:
                page = page_read(source, index, desk.engines.read, options)
        except EngineDied as error:
            died = str(error)
            log.warning("job %s, page %d, attempt %d: %s", job.id.hex, index + 1, attempt, error)
            continue
        except (RequestError, EngineFailed) as error:
            page = _failed(index, str(error))
        _commit(desk, job, page, attempt)
        return


def _commit(desk: Desk, job: Job, page: Page, attempt: int) -> None:
    """Commit a page; while disk, bucket or database fail, hold it and try again.

    What they do is not the page's fault: after a while it goes back as if nobody had tried it, and the
    sweep enqueues it again. To commit twice is safe: the second finds nothing to do.
    """
    pauses = [*_PAUSES]
    while True:
        try:
            commit_page(job.id, page, attempt, desk.engine, desk.store)
            return
        except (OSError, OperationalError, InterfaceError) as error:
            log.warning("job %s, page %d cannot be committed: %s", job.id.hex, page.index + 1, error)
            connections.close_all()
            if not pauses or desk.stopping.wait(pauses.pop(0)):
                put_back(job.id, page.index, attempt)
                raise


def _failed(index: int, reason: str) -> Page:
    return Page(index=index, width=0, height=0, error=reason)


@contextmanager
def _opened(desk: Desk, job: Job, options: Options) -> Iterator[OpenSource | SourceError]:
    """The job's file; where it cannot be opened any more, the reason, so that its pages get it."""
    with ExitStack() as stack:
        source: OpenSource | SourceError
        try:
            file = stack.enter_context(desk.store.local(job.upload_key))
            source = stack.enter_context(desk.intake.open(file, options.password))
        except BlobMissing:
            source = SourceError("the file is not there any more")
        except SourceError as error:
            source = error
        yield source


def _hand_back(desk: Desk, job: Job, indices: Sequence[int]) -> None:
    with transaction.atomic():
        desk.dispatcher.enqueue([Work(job.id, tuple(indices), AGAIN)])
