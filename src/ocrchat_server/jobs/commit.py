"""Claim pages and commit what was read, each page exactly once."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

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
    return claim_pages(job, [index]).get(index)


def claim_pages(job: UUID, indices: Sequence[int]) -> dict[int, int]:
    """The same of several pages, by their indices; without those of which there is nothing to read."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_CLAIMED} SELECT index, attempt, {_LATER} FROM claimed", _to_claim(job, indices))  # noqa: S608
        return {int(index): int(attempt) for index, attempt, _ in cursor.fetchall()}


def _to_claim(job: UUID, indices: Sequence[int]) -> dict[str, Any]:
    return {"job": job, "indices": list(indices), "open": list(OPEN_PAGES)}


_LATER = "set_config('synchronous_commit', 'off', true)"
_CLAIMED = """
    WITH claimed AS (
        UPDATE jobs_page SET attempt = attempt + 1, status = 'reading', claimed_at = now()
        WHERE job_id = %(job)s AND index = ANY(%(indices)s) AND status = ANY(%(open)s)
        RETURNING index, attempt),
    begun AS (
        UPDATE jobs_job SET status = 'processing' WHERE id = %(job)s AND status = 'pending')
"""


def job_and_claim(job: UUID, index: int) -> tuple[Job | None, int | None]:
    """The job and what `claim_page` says, asked for at once: jobs of one page are in a hurry."""
    row = row_of(
        f"{_CLAIMED} SELECT one.*, (SELECT attempt FROM claimed), {_LATER} FROM ({query_of_job()}) AS one",  # noqa: S608
        _to_claim(job, [index]),
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
    """Commit several pages, each with its attempt, all at once; how many of them were still wanted."""
    for page, attempt in pages:
        store.put(page_key(job, page.index, attempt), _packed(page))
    with connection.cursor() as cursor:
        cursor.execute(_COMMIT, _settled(job, pages, engine))
        return len(cursor.fetchall())


def _packed(page: StoredPage) -> bytes:
    """The page's bytes as two members of gzip, so that what it says can be read without its lines."""
    parts = page.data[: page.outline], page.data[page.outline :]
    return b"".join(gzip.compress(part, compresslevel=1) for part in parts)


def _settled(job: UUID, pages: Sequence[tuple[StoredPage, int]], engine: EngineStamp) -> dict[str, Any]:
    read = [page for page, _ in pages]
    return {
        "job": job,
        "indices": [page.index for page in read],
        "attempts": [attempt for _, attempt in pages],
        "statuses": [PageStatus.FAILED.value if page.error else PageStatus.READ.value for page in read],
        "sources": [None if page.error else page.source.value for page in read],
        "engine": json.dumps(_as_plain(engine)),
        "error": next((page.error for page in reversed(read) if page.error), ""),
        "channel": CHANNEL,
        "news": job.hex,
    }


_COMMIT = """
    WITH given AS (
        SELECT place, index, attempt, status, source,
            coalesce((SELECT (prices->>source)::integer FROM billing_hold WHERE job = %(job)s), 0) AS credits
        FROM unnest(%(indices)s::int[], %(attempts)s::int[], %(statuses)s::text[], %(sources)s::text[])
            WITH ORDINALITY AS page (index, attempt, status, source, place)),
    won AS (
        UPDATE jobs_page AS page SET status = given.status, credits = given.credits,
            source = coalesce(given.source, ''), finished_at = now()
        FROM given
        WHERE page.job_id = %(job)s AND page.index = given.index AND page.attempt = given.attempt
            AND page.status = 'reading'
        RETURNING given.place, given.index, given.credits, given.source),
    sums AS (
        SELECT count(*) AS pages, count(source) AS read, sum(credits) AS credits, max(place) AS last
        FROM won),
    counted AS (
        UPDATE jobs_job SET
            pages_done = pages_done + pages,
            pages_read = pages_read + read,
            credits = jobs_job.credits + sums.credits,
            engine = CASE WHEN read > 0 THEN %(engine)s::jsonb ELSE engine END,
            status = CASE WHEN pages_done + pages < page_count THEN status
                          WHEN pages_read + read > 0 THEN 'done' ELSE 'failed' END,
            error = CASE WHEN pages_done + pages = page_count AND pages_read + read = 0
                         THEN %(error)s ELSE error END,
            finished_at = CASE WHEN pages_done + pages = page_count THEN now() END,
            expires_at = CASE WHEN pages_done + pages = page_count
                              THEN now() + keep_seconds * interval '1 second' END,
            password_seal = CASE WHEN pages_done + pages < page_count THEN password_seal END
        FROM sums
        WHERE id = %(job)s AND pages > 0
        RETURNING finished_at, last),
    told AS (
        UPDATE jobs_webhook SET next_at = now()
        WHERE job_id = %(job)s AND (SELECT finished_at FROM counted) IS NOT NULL)
    SELECT billing_settle(%(job)s, index, credits, finished_at IS NOT NULL AND place = last),
           CASE WHEN finished_at IS NOT NULL AND place = last
                THEN pg_notify(%(channel)s, %(news)s)::text END
    FROM (SELECT * FROM won, counted ORDER BY place) AS settled
"""


def _as_plain(engine: EngineStamp) -> dict[str, Any]:
    return {"name": engine.name, "version": engine.version, "models": list(engine.models)}
