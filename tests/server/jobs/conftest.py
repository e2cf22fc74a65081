"""A job of three pages, and what it is stored with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

from ocrchat.model import EngineStamp, Page
from ocrchat_server.billing.allowance import payer_with_account
from ocrchat_server.billing.models import Period
from ocrchat_server.billing.plans import Plan
from ocrchat_server.billing.pricing import Prices
from ocrchat_server.billing.services import Reservation
from ocrchat_server.jobs.dispatch import ProcrastinateDispatcher
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.submit import Submission, stored_upload, submit_job
from ocrchat_server.storage.blobs import BlobStore

STAMP = EngineStamp("scripted", "1")


@pytest.fixture
def database(database: None) -> Iterator[None]:
    """The database with the jobs' own marks empty, too."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE jobs_tombstone, jobs_idempotencykey, jobs_turn")


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    """An empty store."""
    return BlobStore(tmp_path / "blobs")


@pytest.fixture
def submit(database: None, store: BlobStore, tmp_path: Path) -> Callable[..., Job]:
    """Submit an anonymous job of so many pages."""

    def submitted(pages: int = 3, password: str | None = None) -> Job:
        file = tmp_path / "upload"
        file.write_bytes(b"the file")
        submission = Submission(
            file_name="scan.pdf",
            file_kind="pdf",
            file_size=8,
            pages=tuple(range(pages)),
            notes=(),
            tier="cpu",
            language="en",
            languages=("en",),
            text_layer="auto",
            password=password,
        )
        job_id = uuid4()
        with stored_upload(job_id, file, store) as upload:
            return submit_job(
                job_id,
                submission,
                upload,
                None,
                free_of_charge(job_id, pages),
                dispatcher=ProcrastinateDispatcher(),
                inline_pages=5,
            )

    return submitted


@pytest.fixture
def job(submit: Callable[..., Job]) -> Job:
    """A job of three pages that nobody has begun."""
    return submit()


def free_of_charge(job: UUID, pages: int) -> Reservation:
    """Credits for a job out of a purse that is never empty."""
    plan = Plan("some", "Some", None, Period.MONTH, 0, 100, 1, 1, None, False)
    now = datetime.now(UTC)
    return Reservation(job, payer_with_account(uuid4(), plan, now), pages, Prices(1, 1, 5), now)


def page_of(index: int, text: str = "text", error: str | None = None) -> Page:
    """A page as an engine would give it."""
    return Page(index=index, width=10, height=10, text=text, markdown=text, confidence=0.5, error=error)
