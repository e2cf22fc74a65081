"""The route that hands a finished document out as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from ocrchat.exports import format_named
from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.resources import resources
from ocrchat_server.jobs.queries import finished_document_of, job_of

router = Router(tags=["documents"])


@router.get("/{uuid}/download/", summary="Download a document")
def download_document(
    request: HttpRequest, uuid: str, name: Annotated[str, Query(alias="format")] = "txt"
) -> HttpResponse:
    """The finished document in one of the formats, as a file."""
    chosen = format_named(name)
    job = job_of(account_of(request), uuid)
    document = finished_document_of(job, resources().store)
    response = HttpResponse(chosen.written(document), content_type=chosen.media_type)
    response["Content-Disposition"] = attachment(f"{Path(job.file_name).stem}.{chosen.name}")
    response["Cache-Control"] = "no-store"
    return response


def attachment(name: str) -> str:
    """The header that saves an answer under that name (RFC 6266), whatever letters it has."""
    plain = "".join(letter if _is_plain(letter) else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_plain(letter: str) -> bool:
    return letter.isascii() and letter.isprintable() and letter not in '"\\%/'
