"""Take a file in: its blob, its rows and its place in the queue, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from ocrchat.model import Note
from ocrchat.model.codec import note_as_plain
from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.seal import sealed, unsealed
from ocrchat_server.billing.services import RESERVE, Reservation, refusal
from ocrchat_server.jobs.dispatch import Dispatcher, Work
from ocrchat_server.jobs.fairness import batches, priorities, take_turn
from ocrchat_server.jobs.idempotency import RequestKey, keep_key
from ocrchat_server.jobs.models import Job, upload_key
from ocrchat_server.jobs.outstanding import NO_LIMIT, Outstanding, check_outstanding
from ocrchat_server.jobs.webhooks.outbox import expect_webhook
from ocrchat_server.storage.blobs import Blob, BlobStore

_WRITERS = ThreadPoolExecutor(8, thread_name_prefix="upload")
_SMALL = 1 << 20
"""Bytes of a file that is on the disk about as soon as a row is: its requester's turn may wait for it."""
_PASSWORD_SEAL = "file-password"  # noqa: S105 - the name of a purpose, no secret


@dataclass(frozen=True, slots=True)
class Submission:
    """A file that the intake has looked at, and what is wished for it."""

    file_name: str
    file_kind: str
    file_size: int
    pages: tuple[int, ...]
    notes: tuple[Note, ...]
    tier: str
    language: str
    languages: tuple[str, ...]
    text_layer: str
    password: str | None
    requester: str = ""
    weight: int = 1
    keep_seconds: int = 2_592_000
    key: RequestKey | None = None
    webhook_url: str = ""


@contextmanager
def stored_upload(job: UUID, file: Path, store: BlobStore) -> Iterator[Future[Blob]]:
    """The file's blob, which goes to the disk while its pages are looked at.

    Deleted again, with everything else of the job, should the job not come to be.
    """
    storing = _WRITERS.submit(store.put_file, upload_key(job), file)
    try:
        yield storing
    except BaseException:
        wait([storing])
        store.delete_under(f"jobs/{job.hex}")
        raise


def submit_job(
    job_id: UUID,
    submission: Submission,
    upload: Future[Blob],
    account: Account | None,
    reservation: Reservation,
    *,
    dispatcher: Dispatcher,
    inline_pages: int,
    most: Outstanding = NO_LIMIT,
) -> Job:
    """The accepted job; it is there, with its pages and its place in the queue, once its file is safe.

    Its credits are set aside in the same transaction, so that it is there with them or not at all.
    KeyTaken when the same request was faster, TooMuchWaiting when too many pages wait, OutOfPages when there
    are not enough credits.
    """
    job = Job(
        id=job_id,
        account=account,
        tier=submission.tier,
        language=submission.language,
        languages=list(submission.languages),
        text_layer=submission.text_layer,
        file_name=submission.file_name,
        file_kind=submission.file_kind,
        file_size=submission.file_size,
        page_count=len(submission.pages),
        notes=[note_as_plain(note) for note in submission.notes],
        password_seal=sealed(submission.password, _PASSWORD_SEAL) if submission.password else None,
        requester=submission.requester,
        keep_seconds=submission.keep_seconds,
    )
    if submission.file_size > _SMALL:
        upload.result()
    try:
        with transaction.atomic():
            if submission.key:
                keep_key(submission.key, job.id)
            works = _in_turn(job, submission, inline_pages)
            check_outstanding(job.requester, job.page_count, most)
            job.file_sha256 = upload.result().sha256
            _insert(job, submission.pages, reservation)
            if submission.webhook_url:
                expect_webhook(job.id, submission.webhook_url)
            dispatcher.enqueue(works)
    except DatabaseError as error:
        raise refusal(error, reservation) or error from None
    return job


def _in_turn(job: Job, submission: Submission, inline_pages: int) -> list[Work]:
    """The job's work as the queue takes it, each batch at its turn."""
    is_short, pages = job.page_count <= inline_pages, batches(submission.pages, inline_pages)
    start, now = take_turn(job.requester, job.page_count, submission.weight, is_short=is_short)
    sizes = [len(batch) for batch in pages]
    ranked = priorities(start, now, sizes, submission.weight, is_short=is_short)
    return [Work(job.id, batch, priority) for batch, priority in zip(pages, ranked, strict=True)]


def _insert(job: Job, pages: tuple[int, ...], reservation: Reservation) -> None:
    """The job, its pages and its credits, in one statement and so one way to the database."""
    row = {
        f"job_{field.attname}": field.get_db_prep_save(field.pre_save(job, True), connection)
        for field in _FIELDS
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {**row, **reservation.parameters(), "pages": list(pages)})


_FIELDS = Job._meta.concrete_fields
_INSERT = f"""
    WITH job AS (
        INSERT INTO jobs_job ({", ".join(field.attname for field in _FIELDS)})
        VALUES ({", ".join(f"%(job_{field.attname})s" for field in _FIELDS)})),
    pages AS (
        INSERT INTO jobs_page (job_id, index, status, attempt, credits)
        SELECT %(job)s, unnest(%(pages)s::int[]), 'waiting', 0, 0)
    {RESERVE}
"""  # noqa: S608 - constants


def password_of(job: Job) -> str | None:
    """The password that came with the file, if any."""
    return unsealed(job.password_seal, _PASSWORD_SEAL) if job.password_seal else None
