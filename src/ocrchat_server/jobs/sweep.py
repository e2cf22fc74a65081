"""Find work that nobody does, and put it into the queue again."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from ocrchat_server.jobs.dispatch import TASK, Dispatcher, Work
from ocrchat_server.jobs.fairness import AGAIN, batches
from ocrchat_server.jobs.lifecycle import OPEN_PAGES

_FORGOTTEN = """
    WITH queued AS MATERIALIZED (
        SELECT (args->>'job')::uuid AS job, args->'pages' AS pages FROM procrastinate_jobs
        WHERE task_name = %s AND status IN ('todo', 'doing')),
    entries AS (SELECT job, sum(jsonb_array_length(pages)) AS pages FROM queued GROUP BY job),
    behind AS MATERIALIZED (
        SELECT job.id FROM jobs_job job LEFT JOIN entries ON entries.job = job.id
        WHERE job.finished_at IS NULL AND job.page_count - job.pages_done > coalesce(entries.pages, 0))
    SELECT page.job_id, array_agg(page.index ORDER BY page.index)
    FROM behind JOIN jobs_page page ON page.job_id = behind.id
    WHERE page.status = ANY(%s) AND NOT EXISTS (
        SELECT FROM queued WHERE queued.job = page.job_id AND queued.pages @> to_jsonb(page.index))
    GROUP BY page.job_id
"""
"""Only jobs with fewer pages in the queue than are open are looked at page by page: else every sweep would
go through all pages that wait. An entry that stands there twice, or whose pages are done in part, hides a
forgotten page for as long as it is there itself."""


def requeue_forgotten(dispatcher: Dispatcher, inline_pages: int) -> int:
    """Enqueue every open page that no entry of the queue stands for; the number of pages.

    Runs in several workers at once: the lock lets one through at a time, so that nothing is
    enqueued twice.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('ocrchat sweep'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FORGOTTEN, [TASK, list(OPEN_PAGES)])
        forgotten: list[tuple[UUID, list[int]]] = cursor.fetchall()
        dispatcher.enqueue(
            [
                Work(job, batch, AGAIN)
                for job, indices in forgotten
                for batch in batches(tuple(indices), inline_pages)
            ]
        )
    return sum(len(indices) for _, indices in forgotten)
