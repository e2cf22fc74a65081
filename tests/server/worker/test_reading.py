"""A batch's pages of text are committed together, and what takes an engine comes after the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from ocrchat.errors import SandboxUnavailable
from ocrchat.options import Options
from ocrchat.sources import Intake
from ocrchat_server.jobs.commit import claim_page
from ocrchat_server.jobs.models import Job, Page
from ocrchat_server.jobs.queries import document_of
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.worker.own_pages import commit_own, own_pages
from ocrchat_server.worker.reading import Desk, read_batch
from ocrchat_server.worker.sources import KeptSources
from tests.server.worker.conftest import Remembered, Submitted


def _texts(job: Job, store: BlobStore) -> dict[int, tuple[str, str]]:
    job.refresh_from_db()
    return {page.index: (page.text, page.source.value) for page in document_of(job, store).pages}


def test_pages_of_text_are_read_without_an_engine(desk: Desk, submitted: Submitted) -> None:
    job = submitted("ttt")
    read_batch(desk, job.id, [0, 1, 2])
    assert _texts(job, desk.store) == {
        index: (f"these are the words of page {index + 1}", "text-layer") for index in range(3)
    }
    assert (job.status, job.pages_done, job.pages_read) == ("done", 3, 3)
    assert job.credits == 3


def test_pages_that_take_an_engine_wait_until_the_rest_is_read(
    desk: Desk, submitted: Submitted, queue: Remembered
) -> None:
    job = submitted("tst")
    read_batch(desk, job.id, [0, 1, 2])
    assert set(_texts(job, desk.store)) == {0, 2}
    (later,) = queue.works
    assert later.pages == (1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(priority) FROM procrastinate_jobs WHERE status = 'todo'")
        assert later.priority <= cursor.fetchone()[0]
    read_batch(desk, job.id, later.pages)
    assert _texts(job, desk.store)[1] == ("script of page 2", "cpu")
    assert job.status == "done"


def test_a_batch_of_scans_is_read_at_once(desk: Desk, submitted: Submitted, queue: Remembered) -> None:
    job = submitted("ss")
    read_batch(desk, job.id, [0, 1])
    assert queue.works == []
    assert [text for text, _ in _texts(job, desk.store).values()] == ["script of page 1", "script of page 2"]


def test_a_page_that_was_read_meanwhile_is_not_charged_again(desk: Desk, submitted: Submitted) -> None:
    job = submitted("ttt")
    read_batch(desk, job.id, [0, 1])
    read_batch(desk, job.id, [0, 1, 2])
    job.refresh_from_db()
    assert (job.pages_done, job.credits, job.status) == (3, 3, "done")
    assert list(Page.objects.filter(job=job).order_by("index").values_list("attempt", flat=True)) == [1, 1, 1]


def test_pages_that_cannot_be_stored_now_are_tried_one_by_one(desk: Desk, submitted: Submitted) -> None:
    job = submitted("tt")
    place = desk.store.root / f"jobs/{job.id.hex}/pages"
    place.write_text("in the way")  # a disk that takes nothing, once
    with desk.sources.opened(job.id) as opening:
        file = opening.file()
        assert not isinstance(file, Exception)
        pages = own_pages(file.source, [0, 1], Options(), desk.setters)
    assert len(pages) == 2
    assert commit_own(job.id, pages, desk.engine, desk.store, 3) == ()
    place.unlink()
    assert claim_page(job.id, 0) == 1  # that attempt does not count
    assert commit_own(job.id, pages, desk.engine, desk.store, 3) == (0, 1)


def test_a_door_that_does_not_open_is_not_held_against_a_page(
    desk: Desk, submitted: Submitted, store: BlobStore
) -> None:
    job = submitted("s")
    with Intake() as closed:
        pass
    shut = replace(desk, intake=closed, sources=KeptSources(store, closed))
    for _ in range(4):
        with pytest.raises(SandboxUnavailable):
            read_batch(shut, job.id, [0])
    page = Page.objects.get(job=job)
    assert (page.status, page.attempt) == ("waiting", 0)
    read_batch(desk, job.id, [0])
    assert _texts(job, store) == {0: ("script of page 1", "cpu")}
