"""Each page is committed exactly once, whoever reads it how often."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection

from ocrchat.model.codec import stored
from ocrchat_server.jobs.commit import claim_page, claim_pages, commit_page, commit_pages, put_back
from ocrchat_server.jobs.errors import JobNotFinished, JobNotFound
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import document_of, finished_document_of, job_of
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, page_of


def _commit(job: Job, index: int, store: BlobStore, **page: str) -> bool:
    attempt = claim_page(job.id, index)
    assert attempt is not None
    return commit_page(job.id, page_of(index, **page), attempt, STAMP, store)


def test_the_last_page_ends_the_job(job: Job, store: BlobStore) -> None:
    for index in (2, 0, 1):
        job.refresh_from_db()
        assert job.finished_at is None
        assert _commit(job, index, store, text=f"page {index}")
    job.refresh_from_db()
    assert (job.status, job.pages_done, job.credits) == ("done", 3, 3)
    assert job.finished_at is not None
    assert document_of(job, store).text == "page 0\n\npage 1\n\npage 2"


def test_a_reader_who_was_given_up_commits_nothing(job: Job, store: BlobStore) -> None:
    first = claim_page(job.id, 0)
    second = claim_page(job.id, 0)
    assert (first, second) == (1, 2)
    assert not commit_page(job.id, page_of(0, "of the first"), 1, STAMP, store)
    assert commit_page(job.id, page_of(0, "of the second"), 2, STAMP, store)
    assert not commit_page(job.id, page_of(0, "of the first"), 1, STAMP, store)
    assert claim_page(job.id, 0) is None
    job.refresh_from_db()
    assert (job.pages_done, job.credits) == (1, 1)
    assert document_of(job, store).text == "of the second"


def test_readers_who_race_charge_a_page_once(submit: Callable[..., Job], store: BlobStore) -> None:
    job = submit(pages=10)

    def read_all() -> int:
        try:
            won = 0
            for index in range(10):
                if (attempt := claim_page(job.id, index)) is not None:
                    won += commit_page(job.id, page_of(index), attempt, STAMP, store)
            return won
        finally:
            close_old_connections()
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        won = sum(threads.map(lambda _: read_all(), range(6)))
    job.refresh_from_db()
    assert won == job.pages_done == job.credits == 10
    assert job.status == "done"


def test_pages_committed_together_are_those_that_are_still_wanted(job: Job, store: BlobStore) -> None:
    assert claim_pages(job.id, [0, 1, 2]) == {0: 1, 1: 1, 2: 1}
    assert claim_page(job.id, 1) == 2
    pages = [(stored(page_of(index, f"page {index}")), 1) for index in range(3)]
    assert commit_pages(job.id, pages, STAMP, store) == 2
    job.refresh_from_db()
    assert (job.pages_done, job.credits, job.finished_at) == (2, 2, None)
    assert claim_pages(job.id, [0, 1, 2]) == {1: 3}
    assert commit_pages(job.id, [(stored(page_of(1, "page 1")), 3)], STAMP, store) == 1
    job.refresh_from_db()
    assert (job.status, job.pages_done, job.credits) == ("done", 3, 3)
    assert document_of(job, store).text == "page 0\n\npage 1\n\npage 2"


def test_pages_committed_together_end_their_job(job: Job, store: BlobStore) -> None:
    claim_pages(job.id, [0, 1, 2])
    pages = [page_of(0, "page 0"), page_of(1, "", error="the page is damaged"), page_of(2, "page 2")]
    assert commit_pages(job.id, [(stored(page), 1) for page in pages], STAMP, store) == 3
    job.refresh_from_db()
    assert (job.status, job.pages_done, job.pages_read, job.credits) == ("done", 3, 2, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT spent, remaining, closed_at FROM billing_hold WHERE job = %s", [job.id])
        spent, remaining, closed_at = cursor.fetchone()
    assert (spent, remaining) == (2, 0)  # and the third was given back
    assert closed_at is not None
    assert commit_pages(job.id, [(stored(page), 1) for page in pages], STAMP, store) == 0


def test_a_page_that_could_not_be_read_costs_nothing_and_is_told(job: Job, store: BlobStore) -> None:
    _commit(job, 0, store)
    _commit(job, 1, store, text="", error="the page is damaged")
    _commit(job, 2, store)
    job.refresh_from_db()
    assert (job.status, job.credits, job.pages_done) == ("done", 2, 3)
    notes = document_of(job, store).notes
    assert [(note.code, note.message, note.page) for note in notes] == [
        ("page_failed", "the page is damaged", 1)
    ]


def test_a_job_of_which_nothing_was_read_has_failed(job: Job, store: BlobStore) -> None:
    for index in range(3):
        _commit(job, index, store, text="", error="damaged")
    job.refresh_from_db()
    assert (job.status, job.credits, job.error) == ("failed", 0, "damaged")
    with pytest.raises(JobNotFinished, match="damaged"):
        finished_document_of(job, store)


def test_the_password_is_gone_with_the_end(submit: Callable[..., Job], store: BlobStore) -> None:
    job = submit(pages=1, password="open sesame")
    _commit(job, 0, store)
    job.refresh_from_db()
    assert job.password_seal is None


def test_only_a_canonical_uuid_finds_a_job(job: Job) -> None:
    assert job_of(None, job.id.hex) == job
    for other in (str(job.id), job.id.hex.upper(), job.id.hex[:-1], "", "x" * 32):
        with pytest.raises(JobNotFound):
            job_of(None, other)


def test_an_attempt_that_is_put_back_is_not_held_against_the_page(job: Job, store: BlobStore) -> None:
    for _ in range(5):
        assert claim_page(job.id, 0) == 1
        put_back(job.id, 0, 1)
    assert not commit_page(job.id, page_of(0), 1, STAMP, store)
    assert _commit(job, 0, store)


def test_only_the_reader_who_has_a_page_can_put_it_back(job: Job, store: BlobStore) -> None:
    claim_page(job.id, 0)
    claim_page(job.id, 0)
    put_back(job.id, 0, 1)
    assert commit_page(job.id, page_of(0), 2, STAMP, store)
    put_back(job.id, 0, 2)
    assert claim_page(job.id, 0) is None
