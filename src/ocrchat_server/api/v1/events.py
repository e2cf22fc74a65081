"""The route of a document's events: its pages as they are read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse

from ocrchat.model.codec import page_as_plain
from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.ocr import router
from ocrchat_server.api.v1.payloads import job_summary
from ocrchat_server.api.v1.resources import Resources, resources
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.queries import finished_pages_of, job_by_id, job_of
from ocrchat_server.storage.connections import in_thread

LOOK_SECONDS = 1.0
"""How often a stream looks what is new."""

SILENCE = 15
"""After so many looks without news a comment is sent, so that proxies keep the line open."""


@router.get("/{uuid}/events/", summary="Follow a document")
async def follow_document(request: HttpRequest, uuid: str) -> StreamingHttpResponse:
    """Server-sent events: `page` with each page as it is read, `job` when it changed, the last one its end.

    Pages come in the order in which they were read, each as in the job; a new stream begins with those
    that are finished.
    """
    job = await in_thread(job_of)(account_of(request), uuid)
    response = StreamingHttpResponse(_events(job.id, resources()), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@dataclass(slots=True)
class _Seen:
    """What a stream has sent."""

    pages: set[int] = field(default_factory=set)
    summary: str = ""


async def _events(job: UUID, uses: Resources) -> AsyncIterator[bytes]:
    seen, silent = _Seen(), 0
    look = in_thread(_news)
    while True:
        news, is_over = await look(job, seen, uses)
        for event in news:
            yield event
        if is_over:
            return
        silent = 0 if news else silent + 1
        if silent >= SILENCE:
            silent = 0
            yield b": still reading\n\n"
        await asyncio.sleep(LOOK_SECONDS)


def _news(job_id: UUID, seen: _Seen, uses: Resources) -> tuple[list[bytes], bool]:
    """The events since the last look, and whether they were the last; holds no connection in between."""
    job = job_by_id(job_id)
    if job is None:
        return [_event("job", json.dumps({"uuid": job_id.hex, "status": "deleted"}))], True
    fresh = {index for index, _ in finished_pages_of(job)} - seen.pages
    news = []
    if fresh:
        pages = uses.outlines.of(job, fresh).pages
        news = [
            _event("page", json.dumps(page_as_plain(page, words=False), ensure_ascii=False)) for page in pages
        ]
        seen.pages |= fresh
    summary = json.dumps(job_summary(job), ensure_ascii=False)
    if summary != seen.summary:
        news.append(_event("job", summary))
        seen.summary = summary
    return news, JobStatus(job.status).is_final


def _event(name: str, data: str) -> bytes:
    """One event; JSON has no line feeds of its own, so one line of data is enough."""
    return f"event: {name}\ndata: {data}\n\n".encode("utf-8", "replace")
