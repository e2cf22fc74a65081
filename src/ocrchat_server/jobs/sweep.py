"""Find work that nobody does, and put it into the queue again."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from ocrchat_server.jobs.dispatch import TASK, Dispatcher, Work
from ocrchat_server.jobs.fairness import AGAIN, batches
from ocrchat_server.jobs.lifecycle import OPEN_PAGES

_FORGOTTEN = """
    SELECT page.job_id, array_agg(page.index ORDER BY page.index)
    FROM jobs_page page JOIN jobs_job job ON job.id = page.job_id
    WHERE page.status = ANY(%s) AND job.finished_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs queued
        WHERE queued.task_name = %s AND queued.status IN ('todo', 'doing')
          AND queued.args->>'job' = replace(job.id::text, '-', '')
          AND queued.args->'pages' @> to_jsonb(page.index))
    GROUP BY page.job_id
"""


def requeue_forgotten(dispatcher: Dispatcher, inline_pages: int) -> int:
    """Enqueue every open page that no entry of the queue stands for; the number of pages.

    Runs in several workers at once: the lock lets one through at a time, so that nothing is
    enqueued twice.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('ocrchat sweep'))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_FORGOTTEN, [list(OPEN_PAGES), TASK])
        forgotten: list[tuple[UUID, list[int]]] = cursor.fetchall()
        dispatcher.enqueue(
            [
                Work(job, batch, AGAIN)
                for job, indices in forgotten
                for batch in batches(tuple(indices), inline_pages)
            ]
        )
    return sum(len(indices) for _, indices in forgotten)
