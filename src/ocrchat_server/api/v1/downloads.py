"""The route that hands a finished document out as a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from ninja import Query, Router

from ocrchat.errors import UnknownOption
from ocrchat.exports import Format, format_named
from ocrchat.exports.csv import write as write_csv
from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.resources import Resources, resources
from ocrchat_server.jobs.exporting import Making, exported, reading_of_job
from ocrchat_server.jobs.queries import check_finished, job_of
from ocrchat_server.storage.connections import connections_released

router = Router(tags=["documents"])

_LOOK_SECONDS = 0.3
"""How often somebody who waits looks whether a file is there."""

_PIECE = 1 << 18
"""Bytes of a file that are sent, and so held, at a time."""


@router.get("/{uuid}/download/", summary="Download a document")
async def download_document(
    request: HttpRequest,
    uuid: str,
    name: Annotated[str, Query(alias="format")] = "txt",
    table: Annotated[str, Query()] = "",
) -> HttpResponseBase:
    """The finished document in one of the formats, as a file; `table`, from 1, picks one table of a `csv`."""
    chosen = format_named(name)
    number = _table_number(table, chosen)
    uses = resources()
    stack = ExitStack()
    try:
        work = partial(_prepared, request, uuid, chosen, number, uses, stack)
        while (answer := await sync_to_async(connections_released(work), thread_sensitive=False)()) is None:
            await asyncio.sleep(_LOOK_SECONDS)
    except BaseException:
        stack.close()
        raise
    if isinstance(answer, HttpResponse):
        stack.close()
    return answer


def _prepared(
    request: HttpRequest, uuid: str, chosen: Format, table: int | None, uses: Resources, stack: ExitStack
) -> HttpResponseBase | None:
    """The answer; what its file needs is closed with `stack` when the last of it is sent.

    None while another process makes the file.
    """
    job = job_of(account_of(request), uuid)
    check_finished(job)
    tag = f'"{version("ocrchat")}-{job.id.hex}-{chosen.name}{f"-{table}" if table else ""}"'
    if unchanged := get_conditional_response(request, etag=tag):
        return unchanged
    making = partial(reading_of_job, job, uses.store, uses.intake)
    place = stack.enter_context(
        _one_table(making, table, uses) if table else exported(job, chosen, uses.store, making)
    )
    if place is None:
        return None
    file = stack.enter_context(place.open("rb"))
    response = StreamingHttpResponse(_pieces(file, stack), content_type=chosen.media_type)
    response["Content-Length"] = str(place.stat().st_size)
    response["Content-Disposition"] = attachment(f"{Path(job.file_name).stem}.{chosen.ending}")
    response["Cache-Control"] = "no-store"
    response["ETag"] = tag
    return response


async def _pieces(file: BinaryIO, stack: ExitStack) -> AsyncIterator[bytes]:
    with stack:
        while piece := await sync_to_async(file.read, thread_sensitive=False)(_PIECE):
            yield piece


@contextmanager
def _one_table(making: Making, table: int, uses: Resources) -> Iterator[Path]:
    """A file with one of the job's tables; made anew each time, as it is soon made."""
    with TemporaryDirectory(dir=uses.store.incoming) as folder:
        place = Path(folder, "table")
        with making() as reading, place.open("wb") as file:
            connections.close_all()
            write_csv(reading, file, table)
        yield place


def _table_number(text: str, chosen: Format) -> int | None:
    if not text:
        return None
    if chosen.name != "csv":
        raise UnknownOption("table", text, ["a number, with format=csv"])
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        raise UnknownOption("table", text, ["a number, from 1"])
    return int(text)


def attachment(name: str) -> str:
    """The header that saves an answer under that name (RFC 6266), whatever letters it has."""
    plain = "".join(letter if _is_plain(letter) else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_plain(letter: str) -> bool:
    return letter.isascii() and letter.isprintable() and letter not in '"\\%/'
