"""Enqueue work with Procrastinate, in the database that also holds the jobs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from ocrchat_server.jobs.dispatch.base import Work

TASK = "read_pages"
"""The task's name; its body is the worker's."""


class ProcrastinateDispatcher:
    """The queue of Procrastinate, on Django's connection and so in its transaction."""

    def enqueue(self, works: Sequence[Work]) -> None:
        """One queue job for each work, inserted together."""
        for priority, same in groupby(works, key=lambda work: work.priority):
            arguments: list[JSONDict] = [{"job": work.job.hex, "pages": list(work.pages)} for work in same]
            app.configure_task(TASK, queue=TASK, priority=priority).batch_defer(*arguments)
