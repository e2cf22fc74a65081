"""How long a file will take is told from how long pages took."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from ocrchat.model import Source
from ocrchat_server.jobs import estimate
from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.estimate import estimated_seconds, measured_page_seconds
from ocrchat_server.jobs.models import Job, Page
from ocrchat_server.jobs.waiting import Waiting, longest_waiting, waiting_now
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, page_of

IDLE = Waiting(jobs=0, requesters=0, pages=0, reading=0, oldest=None, workers=1, read_lately=0)
BUSY = Waiting(jobs=5, requesters=3, pages=400, reading=2, oldest=None, workers=1, read_lately=9)


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """No measurement is remembered."""
    estimate._cache.clear()


def _read(job: Job, store: BlobStore) -> None:
    for index in range(job.page_count):
        attempt = claim_page(job.id, index)
        assert attempt
        assert commit_page(job.id, page_of(index), attempt, STAMP, store)


def test_one_page_on_an_idle_server_takes_what_a_page_takes() -> None:
    assert estimated_seconds(2.0, 1, IDLE, engines=1) == 2.0


def test_pages_are_read_two_at_once_in_each_engine() -> None:
    assert estimated_seconds(2.0, 100, IDLE, engines=1) == 100.0
    assert estimated_seconds(2.0, 100, IDLE, engines=2) == 50.0


def test_who_waits_already_has_a_share_but_no_more_than_it_waits_for() -> None:
    assert estimated_seconds(2.0, 10, BUSY, engines=1) == 40.0
    assert estimated_seconds(2.0, 1000, BUSY, engines=1) == 1400.0


def test_a_page_takes_the_median_of_what_pages_took(submit: Callable[..., Job], store: BlobStore) -> None:
    job = submit(5)
    _read(job, store)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_page SET claimed_at = finished_at - (index + 1) * interval '1 second'")
    assert measured_page_seconds(Source.CPU) == pytest.approx(3.0)
    assert measured_page_seconds(Source.TEXT_LAYER) is None


def test_what_was_read_long_ago_is_better_than_nothing(submit: Callable[..., Job], store: BlobStore) -> None:
    job = submit(1)
    _read(job, store)
    Job.objects.update(upload_deleted_at=job.created_at)
    assert measured_page_seconds(Source.CPU) is not None


@pytest.mark.usefixtures("database")
def test_a_server_that_has_read_nothing_says_so() -> None:
    assert measured_page_seconds(Source.CPU) is None


def test_a_page_knows_when_it_was_claimed_and_what_read_it(
    submit: Callable[..., Job], store: BlobStore
) -> None:
    job = submit(1)
    assert claim_page(job.id, 0) == 1
    first = Page.objects.get().claimed_at
    assert first is not None
    _read(job, store)
    page = Page.objects.get()
    assert page.claimed_at is not None
    assert page.claimed_at > first
    assert page.source == "cpu"


def test_what_waits_is_counted(submit: Callable[..., Job], store: BlobStore) -> None:
    done, begun, _ = submit(2), submit(3), submit(4)
    _read(done, store)
    claim_page(begun.id, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1h')"
        )
    now = waiting_now(alive_seconds=20)
    assert (now.jobs, now.requesters, now.pages, now.reading) == (2, 1, 7, 1)
    assert (now.workers, now.read_lately, now.oldest) == (1, 2, begun.created_at)
    assert longest_waiting()[0].id == begun.id
