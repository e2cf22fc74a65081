"""Write jobs as the contract's JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from ocrchat.model import Document, Page
from ocrchat.model.codec import note_as_plain, page_as_plain
from ocrchat_server.api.v1.written import Written
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.outline import SHORT_JOB


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


def job_response(job: Job, document: Document, *, words: bool, status: int = 200) -> HttpResponse:
    """The job as an answer, OCR.chat's keys first, then ours; never kept by a cache, since it may be
    somebody's alone.
    """
    before, after = _encoded(_before_pages(job, document)), _encoded(_after_pages(job, document))
    pages = b",".join(map(_each_page(job, words=words), document.pages))
    body = b'%b,"pages":[%b],%b' % (before[:-1], pages, after[1:])
    response = HttpResponse(body, status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _each_page(job: Job, *, words: bool) -> Callable[[Page], bytes]:
    """What writes a page of the job; of a long one, asked for again while it grows, it is kept."""
    if words or job.page_count <= SHORT_JOB:
        return lambda page: _encoded(page_as_plain(page, words=words))
    return _WRITTEN.of


def _before_pages(job: Job, document: Document) -> dict[str, Any]:
    return {
        "uuid": job.id.hex,
        "status": job.status,
        "tier": job.tier,
        "language": job.language,
        "page_count": job.page_count,
        "mean_confidence": round(document.mean_confidence, 4),
        "text": document.text,
        "markdown": document.markdown,
    }


def _after_pages(job: Job, document: Document) -> dict[str, Any]:
    payload: dict[str, Any] = {
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


def _page(page: Page) -> bytes:
    return _encoded(page_as_plain(page, words=False))


def _encoded(plain: dict[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


_WRITTEN = Written(_page)
