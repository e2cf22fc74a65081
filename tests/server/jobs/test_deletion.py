"""What is deleted is gone, and only a tombstone says that it was there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.deletion import Reason, clear_tombstones, delete_job
from ocrchat_server.jobs.errors import JobNotFound
from ocrchat_server.jobs.models import Job, Page, Tombstone
from ocrchat_server.jobs.queries import job_of
from ocrchat_server.storage.blobs import BlobEntry, BlobStore
from tests.server.jobs.conftest import STAMP, page_of


def _files(store: BlobStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_nothing_of_a_job_is_left_but_a_tombstone(job: Job, store: BlobStore) -> None:
    attempt = claim_page(job.id, 0)
    assert attempt
    commit_page(job.id, page_of(0), attempt, STAMP, store)
    store.put(f"jobs/{job.id.hex}/exports/pdf", b"pdf")
    size = sum(path.stat().st_size for path in _files(store))
    tombstone = delete_job(job.id, Reason.ASKED, store)
    assert tombstone is not None
    assert tombstone.removed == {"pages": 3, "jobs": 1, "files": 3, "bytes": size}
    assert _files(store) == []
    assert not Job.objects.exists()
    assert not Page.objects.exists()
    assert (tombstone.job, tombstone.reason) == (job.id, "asked")
    assert tombstone.cleared_at is not None
    with pytest.raises(JobNotFound):
        job_of(None, job.id.hex)


def test_a_job_is_deleted_once(job: Job, store: BlobStore) -> None:
    assert delete_job(job.id, Reason.ASKED, store)
    assert delete_job(job.id, Reason.ASKED, store) is None
    assert Tombstone.objects.count() == 1


def test_a_reader_of_a_deleted_job_commits_nothing(job: Job, store: BlobStore) -> None:
    attempt = claim_page(job.id, 0)
    assert attempt
    delete_job(job.id, Reason.ASKED, store)
    assert not commit_page(job.id, page_of(0), attempt, STAMP, store)
    assert claim_page(job.id, 1) is None


def test_a_deletion_that_the_store_cut_short_is_finished_later(job: Job, store: BlobStore) -> None:
    class Refusing(BlobStore):
        def delete_under(self, prefix: str) -> tuple[BlobEntry, ...]:
            raise OSError("the store is away")

    tombstone = delete_job(job.id, Reason.ASKED, Refusing(store.root))
    assert tombstone is not None
    assert tombstone.cleared_at is None
    assert _files(store)
    assert not Job.objects.exists()
    assert clear_tombstones(store) == 1
    assert _files(store) == []
    assert clear_tombstones(store) == 0
    assert Tombstone.objects.get().removed["files"] == 1
