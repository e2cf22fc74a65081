"""Read a batch of pages and commit each one."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections, transaction

from ocrchat.engines import EnginePool
from ocrchat.errors import EngineDied, EngineFailed, RequestError, SourceError
from ocrchat.model import EngineStamp, Page
from ocrchat.options import Options
from ocrchat.pipeline import page_read
from ocrchat.sources import Intake
from ocrchat.sources.sniff import SourceKind
from ocrchat.typesetting import Typesetters
from ocrchat_server.jobs.commit import claim_page, commit_page, job_and_claim, put_back
from ocrchat_server.jobs.dispatch import Dispatcher, Work
from ocrchat_server.jobs.fairness import AGAIN, end_of_turn
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import job_by_id
from ocrchat_server.jobs.submit import password_of
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.storage.connections import released_connections
from ocrchat_server.worker.own_pages import commit_own, own_pages
from ocrchat_server.worker.sources import JobFile, KeptSources

log = logging.getLogger(__name__)

_PAUSES = (0.5, 1.0, 2.0, 5.0, 5.0, 5.0, 5.0, 5.0)
"""Seconds between attempts to commit a page, while disk, bucket or database fail."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a worker reads with; safe to use from several threads."""

    engines: EnginePool
    engine: EngineStamp
    intake: Intake
    setters: Typesetters
    sources: KeptSources
    store: BlobStore
    dispatcher: Dispatcher
    stopping: Event
    page_attempts: int
    inline_pages: int


def read_batch(desk: Desk, job_id: UUID, indices: Sequence[int]) -> Job | None:
    """Read those pages of a job that are still open; what takes an engine, one after the other.

    Pages that their own text tells are committed together. Where a batch has both kinds, the others wait
    until nothing else of their requester does. When the worker is to stop, what is left goes back.
    """
    with released_connections(), desk.sources.opened(job_id) as opening:
        if len(indices) == 1:
            job, attempt = job_and_claim(job_id, indices[0])
        else:
            job, attempt = job_by_id(job_id), None
        if job is None or job.finished_at is not None:
            return None
        options = Options(
            tier=job.tier,
            languages=tuple(job.languages),
            password=password_of(job),
            text_layer=job.text_layer,
        )
        try:
            file = opening.file(options.password)
        except Exception:  # no decoder, no disk, no bucket: nobody may hold that against the page
            if attempt is not None:
                put_back(job_id, indices[0], attempt)
            raise
        if len(indices) == 1:
            _read_page(desk, job, file, indices[0], options, attempt)
        else:
            _read_several(desk, job, file, indices, options)
        return job


def _read_several(
    desk: Desk, job: Job, file: JobFile | SourceError, indices: Sequence[int], options: Options
) -> None:
    left = _without_own(desk, job, file, indices, options)
    if left and len(left) < len(indices) and not desk.stopping.is_set():
        _put_off(desk, job, left)
        return
    for place, index in enumerate(left):
        if desk.stopping.is_set():
            _hand_back(desk, job, left[place:])
            return
        _read_page(desk, job, file, index, options, claim_page(job.id, index))


def _without_own(
    desk: Desk, job: Job, file: JobFile | SourceError, indices: Sequence[int], options: Options
) -> Sequence[int]:
    """The pages of a batch that somebody has to look at; those that their own text tells are committed."""
    if isinstance(file, SourceError) or file.source.kind is not SourceKind.PDF:
        return indices
    pages = own_pages(file.source, indices, options, desk.setters)
    done = commit_own(job.id, pages, desk.engine, desk.store, desk.page_attempts)
    return [index for index in indices if index not in done]


def _read_page(
    desk: Desk, job: Job, file: JobFile | SourceError, index: int, options: Options, attempt: int | None
) -> None:
    """Try a claimed page until an attempt is committed; when its attempts are used up, the failure is."""
    died = "its reader died"
    while attempt is not None:
        try:
            if attempt > desk.page_attempts:
                page = _failed(index, f"given up after {desk.page_attempts} attempts: {died}")
            elif isinstance(file, SourceError):
                page = _failed(index, str(file))
            else:
                page = page_read(
                    file.source, index, desk.engines.read, options, file.seen, desk.setters.set_page
                )
        except EngineDied as error:
            died = str(error)
            log.warning("job %s, page %d, attempt %d: %s", job.id.hex, index + 1, attempt, error)
            attempt = claim_page(job.id, index)
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


def _hand_back(desk: Desk, job: Job, indices: Sequence[int]) -> None:
    with transaction.atomic():
        desk.dispatcher.enqueue([Work(job.id, tuple(indices), AGAIN)])


def _put_off(desk: Desk, job: Job, indices: Sequence[int]) -> None:
    """Have these pages read after everything else that their requester waits for: they take an engine."""
    with transaction.atomic():
        desk.dispatcher.enqueue([Work(job.id, tuple(indices), end_of_turn(job.requester))])
