"""Write jobs as the contract's JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from ocrchat.model import Document
from ocrchat.model.codec import note_as_plain, page_as_plain
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.models import Job


def job_summary(job: Job) -> dict[str, Any]:
    """A job without what was read: as a list shows it."""
    summary: dict[str, Any] = {
        "uuid": job.id.hex,
        "status": job.status,
        "tier": job.tier,
        "language": job.language,
        "file_name": job.file_name,
        "page_count": job.page_count,
        "pages_done": job.pages_done,
        "credits": job.credits,
        "created_at": job.created_at.isoformat(),
        "finished_at": _moment(job.finished_at),
        "expires_at": _moment(job.expires_at),
    }
    if job.status == JobStatus.FAILED:
        summary["error"] = job.error
    return summary


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
        "finished_at": _moment(job.finished_at),
        "expires_at": _moment(job.expires_at),
        "detected_languages": list(document.detected_languages),
        "warnings": [note_as_plain(note) for note in document.notes],
        "engine": job.engine,
    }
    if job.status == JobStatus.FAILED:
        payload["error"] = job.error
    return payload


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def job_response(job: Job, document: Document, *, words: bool, status: int = 200) -> HttpResponse:
    """The job as an answer; never kept by a cache, since it may be somebody's alone."""
    body = json.dumps(job_payload(job, document, words=words), ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body.encode("utf-8", "replace"), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
