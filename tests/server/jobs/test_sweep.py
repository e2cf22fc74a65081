"""Pages that every queue has forgotten."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.dispatch import ProcrastinateDispatcher
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.sweep import requeue_forgotten
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, page_of


def _swept() -> int:
    return requeue_forgotten(ProcrastinateDispatcher(), inline_pages=5)


def _queue_length() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


def test_a_queue_in_order_is_left_alone(job: Job) -> None:
    assert _swept() == 0
    assert _queue_length() == 3


def test_forgotten_pages_are_enqueued_once(submit: Callable[..., Job], store: BlobStore) -> None:
    job = submit(pages=9)
    attempt = claim_page(job.id, 0)
    assert attempt
    commit_page(job.id, page_of(0), attempt, STAMP, store)
    claim_page(job.id, 1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert _swept() == 8
    assert _swept() == 0


def test_pages_of_a_finished_job_are_not_enqueued(job: Job, store: BlobStore) -> None:
    for index in range(3):
        attempt = claim_page(job.id, index)
        assert attempt
        commit_page(job.id, page_of(index), attempt, STAMP, store)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert _swept() == 0
