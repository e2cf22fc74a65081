"""Write jobs as the contract's JSON."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse

from ocrchat.model import Document
from ocrchat.model.codec import note_as_plain, page_as_plain
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.models import Job


def job_payload(job: Job, document: Document, *, words: bool) -> dict[str, Any]:
    """The job as clients see it: OCR.chat's keys first, then ours."""
    payload: dict[str, Any] = {
        "uuid": job.id.hex,
        "status": job.status,
        "tier": job.tier,
        "language": job.language,
        "page_count": job.page_count,
        "mean_confidence": round(document.mean_confidence, 4),
        "text": document.text,
        "markdown": document.markdown,
        "pages": [page_as_plain(page, words=words) for page in document.pages],
        "pages_done": job.pages_done,
        "credits": job.credits,
        "created_at": job.created_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        "detected_languages": list(document.detected_languages),
        "warnings": [note_as_plain(note) for note in document.notes],
        "engine": job.engine,
    }
    if job.status == JobStatus.FAILED:
        payload["error"] = job.error
    return payload


def job_response(job: Job, document: Document, *, words: bool, status: int = 200) -> HttpResponse:
    """The job as an answer; never kept by a cache, since it may be somebody's alone."""
    body = json.dumps(job_payload(job, document, words=words), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body.encode("utf-8", "replace"), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
