"""Make what needs the uploaded file before that is deleted: the searchable PDF, and files with pictures."""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from uuid import UUID

from ocrchat.errors import OcrchatError
from ocrchat.exports import Reading, format_named
from ocrchat.sources import Intake
from ocrchat_server.jobs.exporting import exported, reading_of_job
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import job_by_id
from ocrchat_server.jobs.submit import password_of
from ocrchat_server.storage.blobs import BlobMissing, BlobStore
from ocrchat_server.storage.connections import connections_released
from ocrchat_server.worker.sources import JobFile, KeptSources

log = logging.getLogger(__name__)

_WITH_PICTURES = ("docx", "html")
_LOOK_SECONDS = 0.5
"""How often somebody who waits looks whether a file is there."""


@connections_released
def keep_exports(job_id: UUID, before: Job, store: BlobStore, intake: Intake, sources: KeptSources) -> None:
    """Store the exports of a job that is done by now, if it is; `before` still has the file's password.

    A failure is logged: the same exports are made when somebody asks for them while the upload is there.
    """
    job = job_by_id(job_id)
    if job is None or job.status != JobStatus.DONE:
        return
    job.password_seal = before.password_seal
    try:
        with sources.opened(job_id) as opening:
            file = opening.file(password_of(job))
            source = file.source if isinstance(file, JobFile) else None
            with reading_of_job(job, store, intake, source) as reading:
                _keep(job, "pdf", store, reading)
                for name in _WITH_PICTURES if reading.about().has_figures else ():
                    _keep(job, name, store, reading)
        if job_by_id(job_id) is None:  # deleted meanwhile: nobody else would look for what was just stored
            store.delete_under(f"jobs/{job_id.hex}/exports")
    except (OcrchatError, BlobMissing, OSError) as error:
        log.warning("job %s: its exports could not be kept: %s", job_id.hex, error)


def _keep(job: Job, name: str, store: BlobStore, reading: Reading) -> None:
    """Make an export, or wait until whoever makes it has."""
    while True:
        with exported(job, format_named(name), store, lambda: nullcontext(reading)) as file:
            if file is not None:
                return
        time.sleep(_LOOK_SECONDS)
