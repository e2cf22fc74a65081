"""Find jobs and what was read of them."""

from __future__ import annotations

import gzip
import json
from uuid import UUID

from ocrchat.model import Document, EngineStamp, Note
from ocrchat.model import Page as PageRead
from ocrchat.model.codec import page_from_stored
from ocrchat.pipeline import notes_of
from ocrchat_server.accounts.models import Account
from ocrchat_server.jobs.errors import JobNotFinished, JobNotFound
from ocrchat_server.jobs.lifecycle import JobStatus, PageStatus
from ocrchat_server.jobs.models import Job, Page, page_key
from ocrchat_server.storage.blobs import BlobStore


def job_of(account: Account | None, uuid: str) -> Job:
    """The job with that id, if this account may see it; JobNotFound otherwise, malformed ids too.

    An anonymous job is seen by whoever knows its id, an account's by that account alone.
    """
    try:
        job = Job.objects.filter(id=UUID(uuid)).first() if uuid == UUID(uuid).hex else None
    except ValueError:
        job = None
    if job is None or (job.account_id is not None and (account is None or account.id != job.account_id)):
        raise JobNotFound(f"there is no job {uuid[:40]!r}")
    return job


def document_of(job: Job, store: BlobStore) -> Document:
    """What has been read of a job so far, in the document's order."""
    pages = tuple(
        _page_from(store, job, page)
        for page in Page.objects.filter(job=job, status__in=[PageStatus.READ, PageStatus.FAILED]).order_by(
            "index"
        )
    )
    notes = tuple(Note(each["code"], each["message"], each["page"]) for each in job.notes)
    engine = (
        EngineStamp(job.engine["name"], job.engine["version"], tuple(job.engine["models"]))
        if job.engine
        else None
    )
    return Document(pages, engine, notes + tuple(notes_of(pages)))


def finished_document_of(job: Job, store: BlobStore) -> Document:
    """The document of a job that is done. JobNotFinished for every other."""
    if job.status == JobStatus.DONE:
        return document_of(job, store)
    if job.status == JobStatus.FAILED:
        raise JobNotFinished(f"the job failed, there is no document: {job.error}")
    progress = f"{job.pages_done} of {job.page_count} pages are read"
    raise JobNotFinished(f"the job is {job.status}: {progress}; ask again when it is done")


def _page_from(store: BlobStore, job: Job, page: Page) -> PageRead:
    return page_from_stored(
        json.loads(gzip.decompress(store.get(page_key(job.id, page.index, page.attempt))))
    )
