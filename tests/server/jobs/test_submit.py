"""Taking a file in: all of it, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from ocrchat_server.jobs.dispatch import Work
from ocrchat_server.jobs.fairness import batches
from ocrchat_server.jobs.models import Job, Page
from ocrchat_server.jobs.submit import Submission, password_of, stored_upload, submit_job
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import free_of_charge


def _queued() -> list[tuple[list[int], int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (args->'pages')::text, priority FROM procrastinate_jobs ORDER BY id")
        return [(json.loads(pages), priority) for pages, priority in cursor]


def test_a_job_has_its_file_its_pages_and_its_place_in_the_queue(job: Job, store: BlobStore) -> None:
    assert store.get(job.upload_key) == b"the file"
    assert list(Page.objects.filter(job=job).values_list("index", "status")) == [
        (0, "waiting"),
        (1, "waiting"),
        (2, "waiting"),
    ]
    assert [pages for pages, _ in _queued()] == [[0], [1], [2]]


def test_pages_of_a_long_job_are_handed_out_in_batches() -> None:
    assert batches(tuple(range(20)), 5) == (tuple(range(8)), tuple(range(8, 16)), tuple(range(16, 20)))
    assert batches((0, 1), 5) == ((0,), (1,))


def test_a_queue_that_fails_leaves_no_job_and_no_file(
    database: None, store: BlobStore, tmp_path: Path
) -> None:
    class BrokenQueue:
        def enqueue(self, works: Sequence[Work]) -> None:
            raise ConnectionError("gone")

    file = tmp_path / "upload"
    file.write_bytes(b"x")
    submission = Submission("a.png", "png", 1, (0,), (), "cpu", "auto", (), "auto", None)
    job = uuid4()
    with pytest.raises(ConnectionError), stored_upload(job, file, store) as upload:
        submit_job(
            job, submission, upload, None, free_of_charge(job, 1), dispatcher=BrokenQueue(), inline_pages=5
        )
    assert not Job.objects.exists()
    assert not any(path.is_file() for path in store.root.rglob("*"))


def test_a_password_is_sealed(submit: Callable[..., Job]) -> None:
    job = submit(password="open sesame")
    assert b"sesame" not in bytes(job.password_seal or b"")
    assert password_of(Job.objects.get(id=job.id)) == "open sesame"
