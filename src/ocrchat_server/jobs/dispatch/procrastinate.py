"""Enqueue work with Procrastinate, in the database that also holds the jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from ocrchat_server.jobs.dispatch.base import Work

TASK = "read_pages"
"""The task's name; its body is the worker's."""


class ProcrastinateDispatcher:
    """The queue of Procrastinate, on Django's connection and so in its transaction.

    By the SQL function with which Procrastinate itself defers jobs: its Python takes one priority a call.
    """

    def enqueue(self, works: Sequence[Work]) -> None:
        """One queue job for each work, inserted together."""
        if not works:
            return
        arguments = [json.dumps({"job": work.job.hex, "pages": list(work.pages)}) for work in works]
        with connection.cursor() as cursor:
            cursor.execute(
                _DEFER,
                {
                    "task": TASK,
                    "priorities": [work.priority for work in works],
                    "arguments": arguments,
                },
            )


_DEFER = """
    SELECT procrastinate_defer_jobs_v1(array_agg(
        ROW(%(task)s, %(task)s, priority, NULL, NULL, arguments::jsonb, NULL)::procrastinate_job_to_defer_v1
        ORDER BY place))
    FROM unnest(%(priorities)s::int[], %(arguments)s::text[])
        WITH ORDINALITY AS work (priority, arguments, place)
"""
