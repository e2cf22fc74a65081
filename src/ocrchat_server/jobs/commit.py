"""Claim pages and commit what was read, each page exactly once."""

from __future__ import annotations

import gzip
import json
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from ocrchat.model import EngineStamp
from ocrchat.model import Page as PageRead
from ocrchat.model.codec import page_as_stored
from ocrchat_server.billing.pricing import credits_of
from ocrchat_server.jobs.lifecycle import OPEN_PAGES, JobStatus, PageStatus, status_of_finished
from ocrchat_server.jobs.models import Job, Page, page_key
from ocrchat_server.storage.blobs import BlobStore

CHANNEL = "ocrchat_job"
"""PostgreSQL's notification channel; the payload is a job's uuid in hex."""


def claim_page(job: UUID, index: int) -> int | None:
    """The number, from 1, of the attempt that now begins; None when there is nothing to read.

    Whoever claimed the page before loses it: its commit will find another attempt's number. A claim
    that a crash of the database forgets is made again, so it does not wait for the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"job": job, "index": index, "open": list(OPEN_PAGES)})
        row = cursor.fetchone()
    return int(row[0]) if row else None


_CLAIM = """
    WITH claimed AS (
        UPDATE jobs_page SET attempt = attempt + 1, status = 'reading'
        WHERE job_id = %(job)s AND index = %(index)s AND status = ANY(%(open)s)
        RETURNING attempt),
    begun AS (
        UPDATE jobs_job SET status = 'processing' WHERE id = %(job)s AND status = 'pending')
    SELECT attempt, set_config('synchronous_commit', 'off', true) FROM claimed
"""


def commit_page(job: UUID, read: PageRead, attempt: int, engine: EngineStamp, store: BlobStore) -> bool:
    """Store a page, settle it and count it; False when another attempt has the page now.

    The blob is on the disk before the row says so. Page, charge, counter and the news of a finished
    job are one transaction.
    """
    text = json.dumps(page_as_stored(read), ensure_ascii=False, separators=(",", ":"))
    data = gzip.compress(text.encode("utf-8", "replace"), compresslevel=1)
    store.put(page_key(job, read.index, attempt), data)
    open_page = Page.objects.filter(job_id=job, index=read.index, attempt=attempt, status=PageStatus.READING)
    with transaction.atomic():
        won = open_page.update(
            status=PageStatus.FAILED if read.error else PageStatus.READ,
            credits=credits_of(read),
            finished_at=timezone.now(),
        )
        if won:
            _count(job, read, engine)
    return bool(won)


def _count(job_id: UUID, read: PageRead, engine: EngineStamp) -> None:
    """Add a page to its job, within the transaction that committed it; the last one ends the job."""
    job = Job.objects.select_for_update().get(id=job_id)
    job.pages_done += 1
    job.credits += credits_of(read)
    if read.error is None:
        job.pages_read += 1
        job.engine = _as_plain(engine)
    if job.pages_done == job.page_count:
        job.status = status_of_finished(job.pages_read)
        job.finished_at = timezone.now()
        job.password_seal = None
        if job.status == JobStatus.FAILED:
            job.error = read.error or ""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, job.id.hex])
    job.save()


def _as_plain(engine: EngineStamp) -> dict[str, Any]:
    return {"name": engine.name, "version": engine.version, "models": list(engine.models)}
