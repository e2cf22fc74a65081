"""Serve the pages' own styles and scripts, in front of Django."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import get_finders

PREFIX = "/static/"
_HEADERS = [
    (b"cache-control", b"public, max-age=3600"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'; sandbox"),
]

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class StaticFiles:
    """An ASGI application with every file that the installed apps have under `static/`.

    A path is looked up in a list made once; nothing else is ever opened.
    """

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Send) -> None:
        file = self._files.get(scope["path"].removeprefix(PREFIX))
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 404, [(b"content-type", b"text/plain")], b"there is no such file\n")
            return
        body, kind, tag = _read(file)
        headers = [*_HEADERS, (b"content-type", kind), (b"etag", tag)]
        if dict(scope["headers"]).get(b"if-none-match") == tag:
            await _answer(send, 304, headers, b"")
            return
        await _answer(send, 200, headers, body, is_head=scope["method"] == "HEAD")

    @cached_property
    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for finder in get_finders():
            for path, storage in finder.list([]):
                found.setdefault(path, Path(storage.path(path)))
        return found


@cache
def _read(file: Path) -> tuple[bytes, bytes, bytes]:
    """The file, its media type and its ETag."""
    body = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return body, kind.encode(), f'"{hashlib.sha256(body).hexdigest()[:24]}"'.encode()


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes, is_head: bool = False
) -> None:
    sized = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": sized})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
