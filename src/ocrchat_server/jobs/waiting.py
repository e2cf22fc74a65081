"""Say what waits, and who works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from ocrchat_server.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open jobs: how many, whose, their pages that are not read yet, since when the oldest waits.

    `workers` counts those that said that they live within `alive_seconds`, `reading` the pages under way,
    `read_lately` those that were finished in the last ten minutes.
    """

    jobs: int
    requesters: int
    pages: int
    reading: int
    oldest: datetime | None
    workers: int
    read_lately: int


def waiting_now(alive_seconds: float) -> Waiting:
    """What waits at this moment. One query, by indexes over open jobs."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"alive": alive_seconds})
        return Waiting(*cursor.fetchone())


def longest_waiting() -> list[Job]:
    """The fifty open jobs that came first."""
    return list(Job.objects.filter(finished_at=None).select_related("account").order_by("created_at")[:50])


_WAITING = """
    WITH waiting AS (
        SELECT id, requester, page_count - pages_done AS pages, created_at
        FROM jobs_job WHERE finished_at IS NULL),
    lately AS (
        SELECT id FROM waiting
        UNION SELECT id FROM jobs_job
            WHERE upload_deleted_at IS NULL AND finished_at > now() - interval '10 minutes')
    SELECT (SELECT count(*) FROM waiting), (SELECT count(DISTINCT requester) FROM waiting),
        (SELECT coalesce(sum(pages), 0)::bigint FROM waiting),
        (SELECT count(*) FROM jobs_page page JOIN waiting ON waiting.id = page.job_id
            WHERE page.status = 'reading'),
        (SELECT min(created_at) FROM waiting),
        (SELECT count(*) FROM procrastinate_workers
            WHERE last_heartbeat > now() - %(alive)s * interval '1 second'),
        (SELECT count(*) FROM jobs_page page JOIN lately ON lately.id = page.job_id
            WHERE page.finished_at > now() - interval '10 minutes')
"""
