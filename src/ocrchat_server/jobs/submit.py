"""Take a file in: its blob, its rows and its place in the queue, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from ocrchat.model import Note
from ocrchat.model.codec import note_as_plain
from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.seal import sealed, unsealed
from ocrchat_server.jobs.dispatch import Dispatcher, Work
from ocrchat_server.jobs.fairness import batches, priority_of
from ocrchat_server.jobs.models import Job, upload_key
from ocrchat_server.storage.blobs import Blob, BlobStore

_WRITERS = ThreadPoolExecutor(8, thread_name_prefix="upload")
_PASSWORD_SEAL = "file-password"  # noqa: S105 - the name of a purpose, no secret


@dataclass(frozen=True, slots=True)
class Submission:
    """A file that the intake has looked at, and what is wished for it."""

    file_name: str
    file_kind: str
    pages: tuple[int, ...]
    notes: tuple[Note, ...]
    tier: str
    language: str
    languages: tuple[str, ...]
    password: str | None


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
    *,
    dispatcher: Dispatcher,
    inline_pages: int,
) -> Job:
    """The accepted job; it is there, with its pages and its place in the queue, once its file is safe."""
    job = Job(
        id=job_id,
        account=account,
        tier=submission.tier,
        language=submission.language,
        languages=list(submission.languages),
        file_name=submission.file_name,
        file_kind=submission.file_kind,
        page_count=len(submission.pages),
        notes=[note_as_plain(note) for note in submission.notes],
        password_seal=sealed(submission.password, _PASSWORD_SEAL) if submission.password else None,
    )
    priority = priority_of(job.page_count, inline_pages)
    blob = upload.result()
    job.file_size, job.file_sha256 = blob.size, blob.sha256
    with transaction.atomic():
        job.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute(_PAGES, {"job": job.id, "pages": list(submission.pages)})
        dispatcher.enqueue(
            [Work(job.id, batch, priority) for batch in batches(submission.pages, inline_pages)]
        )
    return job


_PAGES = """
    INSERT INTO jobs_page (job_id, index, status, attempt, credits)
    SELECT %(job)s, unnest(%(pages)s::int[]), 'waiting', 0, 0
"""


def password_of(job: Job) -> str | None:
    """The password that came with the file, if any."""
    return unsealed(job.password_seal, _PASSWORD_SEAL) if job.password_seal else None
