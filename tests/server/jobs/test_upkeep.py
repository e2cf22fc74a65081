"""Nothing is left behind, and nothing is deleted early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from ocrchat_server.billing.models import Purchase, Reversal
from ocrchat_server.billing.services import give
from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.ending import end_early
from ocrchat_server.jobs.models import Job, Tombstone, page_key
from ocrchat_server.jobs.reconcile import Suspects, delete_drafts, delete_orphans
from ocrchat_server.jobs.retention import delete_expired, delete_uploads, mend_ends_in_the_future
from ocrchat_server.jobs.upkeep import Periods, Upkeep
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, page_of

HOUR = timedelta(hours=1)


def _keys(store: BlobStore) -> set[str]:
    return {entry.key for entry in store.entries_under("jobs")}


def _read(job: Job, store: BlobStore, *indices: int) -> None:
    for index in indices:
        attempt = claim_page(job.id, index)
        assert attempt
        assert commit_page(job.id, page_of(index), attempt, STAMP, store)


def _age(job: Job, age: timedelta) -> None:
    """Let a finished job have ended so long ago."""
    job.refresh_from_db()
    ended = timezone.now() - age
    Job.objects.filter(id=job.id).update(
        finished_at=ended, expires_at=ended + timedelta(seconds=job.keep_seconds)
    )


def test_an_upload_goes_when_its_time_is_over_and_never_while_it_is_read(
    submit: Callable[..., Job], store: BlobStore
) -> None:
    running, fresh, old = submit(), submit(), submit()
    for job in (fresh, old):
        _read(job, store, 0, 1, 2)
    _age(old, 2 * HOUR)
    assert delete_uploads(store, keep_seconds=3600) == 1
    assert delete_uploads(store, keep_seconds=3600) == 0
    assert {running.upload_key, fresh.upload_key} <= _keys(store)
    assert old.upload_key not in _keys(store)
    old.refresh_from_db()
    assert old.upload_deleted_at is not None


def test_results_go_when_they_expire(submit: Callable[..., Job], store: BlobStore) -> None:
    running, fresh, old = submit(), submit(), submit()
    for job in (fresh, old):
        _read(job, store, 0, 1, 2)
    _age(fresh, timedelta(days=29))
    _age(old, timedelta(days=31))
    assert delete_expired(store) == 1
    assert set(Job.objects.all()) == {running, fresh}
    assert not any(old.id.hex in key for key in _keys(store))
    assert Tombstone.objects.get().reason == "expired"


def test_an_end_by_a_clock_that_ran_ahead_is_now(job: Job, store: BlobStore) -> None:
    _read(job, store, 0, 1, 2)
    assert mend_ends_in_the_future() == 0
    _age(job, timedelta(days=-365))
    assert mend_ends_in_the_future() == 1
    job.refresh_from_db()
    assert job.finished_at is not None
    assert abs(job.finished_at - timezone.now()) < HOUR


def test_nothing_is_deleted_by_a_clock_that_was_just_set(job: Job, store: BlobStore) -> None:
    _read(job, store, 0, 1, 2)
    _age(job, timedelta(days=365))
    upkeep = Upkeep(store, Periods(upload=0, settle=600.0, reconcile=3600.0))
    upkeep.run()
    assert Job.objects.filter(id=job.id).exists()
    assert job.upload_key in _keys(store)
    trusting = Upkeep(store, Periods(upload=0, settle=0.0, reconcile=3600.0))
    trusting.run()
    assert not Job.objects.exists()
    assert _keys(store) == set()


def test_blobs_of_attempts_that_lost_are_orphans(job: Job, store: BlobStore) -> None:
    for attempt in (1, 2):
        assert claim_page(job.id, 0) == attempt
        store.put(page_key(job.id, 0, attempt), b"read")
    assert delete_orphans(store, Suspects(600), 0.0) == 1
    assert page_key(job.id, 0, 2) in _keys(store), "its reader may commit at any moment"
    assert commit_page(job.id, page_of(0), 2, STAMP, store)
    store.put(page_key(job.id, 0, 1), b"a zombie's")
    assert delete_orphans(store, Suspects(600), 0.0) == 1
    assert _keys(store) == {job.upload_key, page_key(job.id, 0, 2)}


def test_blobs_of_released_pages_are_orphans(job: Job, store: BlobStore) -> None:
    assert claim_page(job.id, 0) == 1
    end_early(job.id, "cancelled")
    store.put(page_key(job.id, 0, 1), b"too late")
    assert delete_orphans(store, Suspects(600), 0.0) == 1


def test_a_zombie_of_a_deleted_job_leaves_nothing(job: Job, store: BlobStore) -> None:
    delete_job(job.id, Reason.ASKED, store)
    store.put(page_key(job.id, 0, 1), b"too late")
    assert delete_orphans(store, Suspects(600), 0.0) == 1
    assert _keys(store) == set()


def test_what_may_be_a_job_in_the_making_is_left_for_a_while(database: None, store: BlobStore) -> None:
    suspects = Suspects(600)
    store.put(f"jobs/{uuid4().hex}/upload", b"of a job that is being submitted, or never will be")
    assert delete_orphans(store, suspects, now=1000.0) == 0
    assert suspects
    assert delete_orphans(store, suspects, now=1599.0) == 0
    assert delete_orphans(store, suspects, now=1600.0) == 1


def test_a_suspect_that_finds_its_row_is_one_no_more(submit: Callable[..., Job], store: BlobStore) -> None:
    suspects = Suspects(600)
    assert not suspects.is_guilty("a", 0.0)
    suspects.forget_others()
    suspects.forget_others()
    assert not suspects.is_guilty("a", 700.0)


def test_drafts_of_the_dead_go_and_those_that_grow_stay(store: BlobStore) -> None:
    suspects = Suspects(600)
    dead, growing = store.incoming / "dead", store.incoming / "growing"
    dead.write_bytes(b"half")
    growing.write_bytes(b"half")
    assert delete_drafts(store, suspects, 0.0) == 0
    growing.write_bytes(b"half and more")
    assert delete_drafts(store, suspects, 600.0) == 1
    assert [path.name for path in store.incoming.iterdir()] == ["growing"]


def test_exports_stay_as_long_as_their_job(job: Job, store: BlobStore) -> None:
    store.put(f"jobs/{job.id.hex}/exports/pdf", b"pdf")
    assert delete_orphans(store, Suspects(0), 0.0) == 0


@pytest.mark.usefixtures("database")
def test_ended_sessions_and_owed_credits_are_seen_to(store: BlobStore) -> None:
    Session.objects.all().delete()
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - HOUR)
    account = uuid4()
    purchase = Purchase.objects.create(
        account=account, provider="p", reference="r", payment="r", pack="", credits=10, price=1, owed=10
    )
    give(account, 4, "what a job gave back")
    Reversal.objects.create(
        reference="b", payment="r", kind="refund", amount=1, stands=True, said_at=timezone.now(), rank=0
    )
    Upkeep(store, Periods(upload=0, settle=600.0, reconcile=3600.0)).run()
    purchase.refresh_from_db()
    assert (purchase.returned, purchase.owed) == (4, 6)
    assert not Session.objects.exists()
