"""Claim pages and commit what was read, each page exactly once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ocrchat.model import EngineStamp
from ocrchat.model import Page as PageRead
from ocrchat.model.codec import StoredPage, stored
from ocrchat_server.jobs.lifecycle import OPEN_PAGES, PageStatus
from ocrchat_server.jobs.models import Job, page_key
from ocrchat_server.jobs.queries import job_from, query_of_job, row_of
from ocrchat_server.storage.blobs import BlobStore

CHANNEL = "ocrchat_job"
"""PostgreSQL's notification channel; the payload is a job's uuid in hex."""


def claim_page(job: UUID, index: int) -> int | None:
    """The number, from 1, of the attempt that now begins; None when there is nothing to read.

    Whoever claimed the page before loses it: its commit will find another attempt's number. A claim
    that a crash of the database forgets is made again, so it does not wait for the disk.
    """
    row = row_of(f"{_CLAIMED} SELECT attempt, {_LATER} FROM claimed", _to_claim(job, index))  # noqa: S608 - ours
    return int(row[0]) if row else None


def _to_claim(job: UUID, index: int) -> dict[str, Any]:
    return {"job": job, "index": index, "open": list(OPEN_PAGES)}


_LATER = "set_config('synchronous_commit', 'off', true)"
_CLAIMED = """
    WITH claimed AS (
        UPDATE jobs_page SET attempt = attempt + 1, status = 'reading', claimed_at = now()
        WHERE job_id = %(job)s AND index = %(index)s AND status = ANY(%(open)s)
        RETURNING attempt),
    begun AS (
        UPDATE jobs_job SET status = 'processing' WHERE id = %(job)s AND status = 'pending')
"""


def job_and_claim(job: UUID, index: int) -> tuple[Job | None, int | None]:
    """The job and what `claim_page` says, asked for at once: jobs of one page are in a hurry."""
    row = row_of(
        f"{_CLAIMED} SELECT one.*, (SELECT attempt FROM claimed), {_LATER} FROM ({query_of_job()}) AS one",  # noqa: S608
        _to_claim(job, index),
    )
    return (job_from(row[:-2]), row[-2]) if row else (None, None)


def put_back(job: UUID, index: int, attempt: int) -> None:
    """Let an attempt that nobody may hold against the page not have been: its blob could not be stored.

    Only by who made the attempt and has ended it: its number may be given again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_page SET attempt = attempt - 1, status = 'waiting' "
            "WHERE job_id = %s AND index = %s AND attempt = %s AND status = 'reading'",
            [job, index, attempt],
        )


def commit_page(job: UUID, read: PageRead, attempt: int, engine: EngineStamp, store: BlobStore) -> bool:
    """Store a page, settle it and count it; False when another attempt has the page now.

    The blob is on the disk before the row says so. Page, charge, counter and, with the last page, the
    job's end, its webhook and the news of it are one statement, and so one transaction. What a page costs
    was agreed when the job was made; one that could not be read costs nothing. Of readers who race, one
    wins; a job ends as done when any page was read, as failed when none was.
    """
    return commit_pages(job, [(stored(read), attempt)], engine, store) == 1


def commit_pages(
    job: UUID, pages: Sequence[tuple[StoredPage, int]], engine: EngineStamp, store: BlobStore
) -> int:
    """Commit several pages, each with its attempt, in one transaction; how many of them were still wanted."""
    for page, attempt in pages:
        store.put(page_key(job, page.index, attempt), _packed(page))
    won = 0
    with transaction.atomic() if len(pages) > 1 else nullcontext(), connection.cursor() as cursor:
        for page, attempt in pages:
            cursor.execute(_COMMIT, _settled(job, page, attempt, engine))
            won += cursor.fetchone() is not None
    return won


def _packed(page: StoredPage) -> bytes:
    """The page's bytes as two members of gzip, so that what it says can be read without its lines."""
    parts = page.data[: page.outline], page.data[page.outline :]
    return b"".join(gzip.compress(part, compresslevel=1) for part in parts)


def _settled(
    job: UUID, page: StoredPage, attempt: int, engine: EngineStamp
) -> dict[str, UUID | str | int | None]:
    return {
        "job": job,
        "index": page.index,
        "attempt": attempt,
        "status": PageStatus.FAILED.value if page.error else PageStatus.READ.value,
        "read": 0 if page.error else 1,
        "source": None if page.error else page.source.value,
        "engine": None if page.error else json.dumps(_as_plain(engine)),
        "error": page.error or "",
        "channel": CHANNEL,
        "news": job.hex,
    }


_COMMIT = """
    WITH price AS (
        SELECT coalesce((prices->>%(source)s)::integer, 0) AS credits FROM billing_hold WHERE job = %(job)s),
    won AS (
        UPDATE jobs_page SET status = %(status)s, credits = (SELECT credits FROM price),
            source = coalesce(%(source)s, ''), finished_at = now()
        WHERE job_id = %(job)s AND index = %(index)s AND attempt = %(attempt)s AND status = 'reading'
        RETURNING 1),
    counted AS (
        UPDATE jobs_job SET
            pages_done = pages_done + 1,
            pages_read = pages_read + %(read)s,
            credits = credits + (SELECT credits FROM price),
            engine = coalesce(%(engine)s::jsonb, engine),
            status = CASE WHEN pages_done + 1 < page_count THEN status
                          WHEN pages_read + %(read)s > 0 THEN 'done' ELSE 'failed' END,
            error = CASE WHEN pages_done + 1 = page_count AND pages_read + %(read)s = 0
                         THEN %(error)s ELSE error END,
            finished_at = CASE WHEN pages_done + 1 = page_count THEN now() END,
            expires_at = CASE WHEN pages_done + 1 = page_count
                              THEN now() + keep_seconds * interval '1 second' END,
            password_seal = CASE WHEN pages_done + 1 < page_count THEN password_seal END
        WHERE id = %(job)s AND EXISTS (SELECT FROM won)
        RETURNING finished_at),
    told AS (
        UPDATE jobs_webhook SET next_at = now()
        WHERE job_id = %(job)s AND (SELECT finished_at FROM counted) IS NOT NULL)
    SELECT billing_settle(%(job)s, %(index)s, (SELECT credits FROM price), finished_at IS NOT NULL),
           CASE WHEN finished_at IS NOT NULL THEN pg_notify(%(channel)s, %(news)s)::text END
    FROM counted
"""


def _as_plain(engine: EngineStamp) -> dict[str, Any]:
    return {"name": engine.name, "version": engine.version, "models": list(engine.models)}
