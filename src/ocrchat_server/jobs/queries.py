"""Find jobs and what was read of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField

from ocrchat.model import Document, EngineStamp, Note
from ocrchat.model.codec import page_from_stored
from ocrchat.pipeline import notes_of
from ocrchat_server.accounts.models import Account
from ocrchat_server.jobs.errors import JobNotFinished, JobNotFound
from ocrchat_server.jobs.lifecycle import JobStatus, PageStatus
from ocrchat_server.jobs.models import Job, page_key
from ocrchat_server.storage.blobs import BlobStore


def job_of(account: Account | None, uuid: str) -> Job:
    """The job with that id, if this account may see it; JobNotFound otherwise, malformed ids too.

    An anonymous job is seen by whoever knows its id, an account's by that account alone.
    """
    try:
        job = job_by_id(UUID(uuid)) if uuid == UUID(uuid).hex else None
    except ValueError:
        job = None
    if job is None or (job.account_id is not None and (account is None or account.id != job.account_id)):
        raise JobNotFound(f"there is no job {uuid[:40]!r}")
    return job


def job_by_id(job: UUID) -> Job | None:
    """The job with that id, whoever asks.

    Every POST, poll and page begins or ends here, so the query is written out and the row is turned into a
    job by hand: making the same from Django's parts takes three times as long as the database does.
    """
    row = row_of(query_of_job(), {"job": job})
    return None if row is None else job_from(row)


def job_and_pages(job: UUID) -> tuple[Job | None, tuple[tuple[int, int], ...]]:
    """The same with its `finished_pages_of`, asked for at once."""
    query = (
        f"SELECT one.*, array(SELECT ARRAY[index, attempt] FROM ({_FINISHED_PAGES}) AS finished) "  # noqa: S608 - ours
        f"FROM ({query_of_job()}) AS one"
    )
    row = row_of(query, {"job": job, "finished": _FINISHED})
    if row is None:
        return None, ()
    return job_from(row[:-1]), tuple((index, attempt) for index, attempt in row[-1])


def row_of(query: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """The only row that a query gives; None for none."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def query_of_job() -> str:
    """A query of the row of the job `%(job)s`, for `job_from`."""
    return _one_job()[0]


def job_from(row: tuple[Any, ...]) -> Job:
    """The job of a row that `query_of_job` gave."""
    _, names, json_at = _one_job()
    values = list(row)
    for at in json_at:
        values[at] = None if values[at] is None else json.loads(values[at])
    return Job.from_db("default", names, values)


@cache
def _one_job() -> tuple[str, list[str], list[int]]:
    """The query of one job, its columns, and which of them hold JSON, which Django's cursors give as text."""
    fields = Job._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    json_at = [at for at, field in enumerate(fields) if isinstance(field, JSONField)]
    query = f"SELECT {columns} FROM jobs_job WHERE id = %(job)s"  # noqa: S608 - our own columns
    return query, [field.attname for field in fields], json_at


def document_of(job: Job, store: BlobStore, only: Collection[int] | None = None) -> Document:
    """What has been read of a job so far, or of some pages of it, in the document's order."""
    there = [page for page in finished_pages_of(job) if only is None or page[0] in only]
    blobs = store.get_many([page_key(job.id, index, attempt) for index, attempt in there])
    pages = tuple(page_from_stored(json.loads(gzip.decompress(blob))) for blob in blobs)
    return Document(pages, stamp_of(job), notes_of_job(job) + tuple(notes_of(pages)))


def finished_pages_of(job: Job) -> tuple[tuple[int, int], ...]:
    """(index, attempt) of each page that was read or failed, in the document's order."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISHED_PAGES, {"job": job.id, "finished": _FINISHED})
        return tuple(cursor.fetchall())


def last_page_of(job: Job) -> int:
    """The number, from 1, of the last page that was asked for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(index) + 1 FROM jobs_page WHERE job_id = %s", [job.id])
        return int(cursor.fetchone()[0])


def notes_of_job(job: Job) -> tuple[Note, ...]:
    """What is to be said of the file and the form, without what its pages say."""
    return tuple(Note(each["code"], each["message"], each["page"]) for each in job.notes)


def stamp_of(job: Job) -> EngineStamp | None:
    """What has read the job; None before the first page."""
    if not job.engine:
        return None
    return EngineStamp(job.engine["name"], job.engine["version"], tuple(job.engine["models"]))


_FINISHED = [PageStatus.READ.value, PageStatus.FAILED.value]
_FINISHED_PAGES = """
    SELECT index, attempt FROM jobs_page
    WHERE job_id = %(job)s AND status = ANY(%(finished)s) ORDER BY index
"""


def finished_document_of(job: Job, store: BlobStore) -> Document:
    """The document of a job that is done. JobNotFinished for every other."""
    check_finished(job)
    return document_of(job, store)


def check_finished(job: Job) -> None:
    """Raise JobNotFinished for a job that has no finished document."""
    if job.status == JobStatus.DONE:
        return
    if job.status == JobStatus.FAILED:
        raise JobNotFinished(f"the job failed, there is no document: {job.error}")
    progress = f"{job.pages_done} of {job.page_count} pages are read"
    raise JobNotFinished(f"the job is {job.status}: {progress}; ask again when it is done")
