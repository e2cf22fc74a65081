"""A job that is cancelled keeps what it has read, and is read no further."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.ending import end_early
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import document_of
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, page_of


def _commit(job: Job, index: int, store: BlobStore) -> bool:
    attempt = claim_page(job.id, index)
    return attempt is not None and commit_page(job.id, page_of(index, f"page {index}"), attempt, STAMP, store)


def test_finished_pages_stay_and_are_paid_the_rest_is_released(job: Job, store: BlobStore) -> None:
    assert _commit(job, 1, store)
    ended = end_early(job.id, "cancelled by its owner")
    assert (ended.status, ended.pages_done, ended.credits, ended.error) == ("done", 1, 1, "")
    assert ended.finished_at is not None
    assert ended.expires_at is not None
    document = document_of(ended, store)
    assert document.text == "page 1"
    (note,) = document.notes
    assert note.code == "cancelled"
    assert "1 of 3 pages" in note.message


def test_a_job_of_which_nothing_was_read_has_failed_and_says_why(job: Job) -> None:
    ended = end_early(job.id, "cancelled by its owner")
    assert (ended.status, ended.credits) == ("failed", 0)
    assert ended.error.startswith("cancelled by its owner")


def test_a_reader_who_comes_too_late_commits_nothing(job: Job, store: BlobStore) -> None:
    attempt = claim_page(job.id, 0)
    assert attempt
    end_early(job.id, "cancelled")
    assert not commit_page(job.id, page_of(0), attempt, STAMP, store)
    assert claim_page(job.id, 1) is None
    job.refresh_from_db()
    assert (job.pages_done, job.credits) == (0, 0)


def test_a_finished_job_stays_as_it_is(job: Job, store: BlobStore) -> None:
    for index in range(3):
        assert _commit(job, index, store)
    job.refresh_from_db()
    ended = end_early(job.id, "cancelled")
    assert (ended.status, ended.notes, ended.finished_at) == ("done", [], job.finished_at)


def test_whoever_cancels_among_racing_readers_sees_what_was_charged(
    submit: Callable[..., Job], store: BlobStore
) -> None:
    job = submit(pages=40)

    def read(start: int) -> int:
        try:
            return sum(_commit(job, index, store) for index in range(start, 40, 4))
        finally:
            connection.close()

    def cancel() -> Job:
        try:
            return end_early(job.id, "cancelled")
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        readers = [threads.submit(read, start) for start in range(4)]
        ended = threads.submit(cancel).result()
        committed = sum(reader.result() for reader in readers)
    job.refresh_from_db()
    assert committed == job.pages_done == job.credits == ended.pages_done
    assert job.finished_at == ended.finished_at
