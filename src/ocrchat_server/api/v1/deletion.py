"""The routes that end documents: cancel one, delete one."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.ocr import router
from ocrchat_server.api.v1.payloads import job_response
from ocrchat_server.api.v1.resources import resources
from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.ending import end_early
from ocrchat_server.jobs.errors import JobNotFound
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import job_of


@router.post("/{uuid}/cancel/", summary="Cancel a document")
def cancel_document(request: HttpRequest, uuid: str) -> HttpResponse:
    """Read no further: finished pages are kept and charged, the rest is released.

    The job as it then stands; one that has ended already is left as it is.
    """
    job = job_of(account_of(request), uuid)
    try:
        job = end_early(job.id, "cancelled")
    except Job.DoesNotExist:
        raise JobNotFound(f"there is no job {uuid!r}") from None
    return job_response(job, resources().outlines.of(job), words=False)


@router.delete("/{uuid}/", summary="Delete a document")
def delete_document(request: HttpRequest, uuid: str) -> HttpResponse:
    """Delete the upload, the pages, the exports and the chats of a job, at once, and say what went."""
    job = job_of(account_of(request), uuid)
    tombstone = delete_job(job.id, Reason.ASKED, resources().store)
    if tombstone is None:
        raise JobNotFound(f"there is no job {uuid!r}")
    body = {
        "uuid": tombstone.job.hex,
        "status": "deleted",
        "deleted_at": tombstone.deleted_at.isoformat(),
        "removed": tombstone.removed,
    }
    return HttpResponse(json.dumps(body), content_type="application/json")
