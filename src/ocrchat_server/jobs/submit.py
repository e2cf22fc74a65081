"""Take a file in: its blob, its rows and its place in the queue, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction

from ocrchat.model import Note
from ocrchat.model.codec import note_as_plain
from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.seal import sealed, unsealed
from ocrchat_server.jobs.dispatch import Dispatcher, Work
from ocrchat_server.jobs.fairness import batches, priority_of
from ocrchat_server.jobs.models import Job
from ocrchat_server.storage.blobs import BlobStore

_PASSWORD_SEAL = "file-password"  # noqa: S105 - the name of a purpose, no secret


@dataclass(frozen=True, slots=True)
class Submission:
    """A file that the intake has looked at, and what is wished for it."""

    file: Path
    file_name: str
    file_kind: str
    pages: tuple[int, ...]
    notes: tuple[Note, ...]
    tier: str
    language: str
    languages: tuple[str, ...]
    password: str | None


def submit_job(
    submission: Submission,
    account: Account | None,
    *,
    store: BlobStore,
    dispatcher: Dispatcher,
    inline_pages: int,
) -> Job:
    """The accepted job. The file is moved into the store; should the rows fail, it is deleted again."""
    job = Job(
        id=uuid4(),
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
    blob = store.put_file(job.upload_key, submission.file)
    job.file_size, job.file_sha256 = blob.size, blob.sha256
    priority = priority_of(job.page_count, inline_pages)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute(_PAGES, {"job": job.id, "pages": list(submission.pages)})
            dispatcher.enqueue(
                [Work(job.id, batch, priority) for batch in batches(submission.pages, inline_pages)]
            )
    except BaseException:
        store.delete_under(f"jobs/{job.id.hex}")
        raise
    return job


_PAGES = """
    INSERT INTO jobs_page (job_id, index, status, attempt, credits)
    SELECT %(job)s, unnest(%(pages)s::int[]), 'waiting', 0, 0
"""


def password_of(job: Job) -> str | None:
    """The password that came with the file, if any."""
    return unsealed(job.password_seal, _PASSWORD_SEAL) if job.password_seal else None
