"""Say how long a file will take, from how long pages took."""

from __future__ import annotations

import time

from django.db import connection

from ocrchat.model import Source
from ocrchat_server.jobs.waiting import Waiting

_KEPT_SECONDS = 30.0
"""How long a process goes by the same measurement."""

PAGES_AT_ONCE = 2
"""Pages that a worker has under way for each of its engines: one is read, one decoded."""


def estimated_seconds(page_seconds: float, pages: int, waiting: Waiting, engines: int) -> float:
    """How long so many pages take from now on, in seconds, by the clock.

    Everybody who waits has a share, so a newcomer's pages come in turn with those of the others: with as
    many of each other requester's, but with no more than there are.
    """
    before = min(waiting.pages, pages * waiting.requesters)
    at_once = max(1, waiting.workers) * engines * PAGES_AT_ONCE
    return page_seconds * max(1.0, (pages + before) / at_once)


def measured_page_seconds(source: Source) -> float | None:
    """The median time, in seconds, from a page's claim to its commit; None where none was read yet.

    Of the newest thousand pages that were read so, in the newest jobs that have ended.
    """
    known = _cache.get(source)
    if known is None or time.monotonic() - known[0] > _KEPT_SECONDS:
        known = _cache[source] = (time.monotonic(), _measured(source))
    return known[1]


_cache: dict[Source, tuple[float, float | None]] = {}


def _measured(source: Source) -> float | None:
    with connection.cursor() as cursor:
        # Jobs that still have their uploads ended lately; they are few, and found by an index.
        for which in ("AND upload_deleted_at IS NULL", ""):
            cursor.execute(_MEDIAN.format(which=which), {"source": source.value})
            row = cursor.fetchone()
            if row[0] is not None:
                return float(row[0])
    return None


_MEDIAN = """
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM (
        SELECT extract(epoch FROM page.finished_at - page.claimed_at)::float8 AS seconds
        FROM (SELECT id FROM jobs_job WHERE finished_at IS NOT NULL {which}
              ORDER BY finished_at DESC LIMIT 200) AS job
        JOIN jobs_page page ON page.job_id = job.id
        WHERE page.source = %(source)s AND page.claimed_at IS NOT NULL
        LIMIT 1000) AS lately
"""
