"""Check that jobs and pages cost what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from ocrchat_server.billing.audit import Fault


def faults_of_jobs() -> Iterator[Fault]:
    """Every job and page whose credits are not the ledger's, at most 100 of each rule.

    Jobs that were deleted are known to the ledger alone, and left out.
    """
    with connection.cursor() as cursor:
        for rule, query in RULES.items():
            cursor.execute(query)
            for (what,) in cursor.fetchmany(100):
                yield Fault(rule, str(what))


RULES = {
    "a job cost what the ledger charged": """
        SELECT job.id::text || ' says ' || job.credits || ', the ledger ' || hold.spent
        FROM jobs_job job JOIN billing_hold hold ON hold.job = job.id WHERE job.credits <> hold.spent""",
    "a page cost what the ledger charged": """
        SELECT page.job_id::text || ' page ' || page.index || ' says ' || page.credits || ', the ledger '
            || coalesce(charged.amount, 0)
        FROM jobs_page page LEFT JOIN billing_transfer charged
            ON charged.job = page.job_id AND charged.page = page.index AND charged.reason = 'settle'
        WHERE page.credits <> coalesce(charged.amount, 0)""",
    "a finished job holds no credits": """
        SELECT job.id::text || ' holds ' || hold.remaining
        FROM jobs_job job JOIN billing_hold hold ON hold.job = job.id
        WHERE job.finished_at IS NOT NULL AND hold.closed_at IS NULL""",
    "a job has its hold": """
        SELECT job.id::text FROM jobs_job job
        WHERE NOT EXISTS (SELECT FROM billing_hold hold WHERE hold.job = job.id)""",
    "an open hold has its job": """
        SELECT hold.job::text || ' holds ' || hold.remaining FROM billing_hold hold
        WHERE hold.closed_at IS NULL AND hold.about IS NULL
          AND NOT EXISTS (SELECT FROM jobs_job job WHERE job.id = hold.job)""",
}
"""Each rule, and a query that finds what breaks it."""
