"""Send the headers that keep a browser from doing anything with an answer but show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer that does not say otherwise itself."""

_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")


def is_for_programs(path: str) -> bool:
    """Whether programs ask there; everywhere else people do, with sessions and forms."""
    return path.startswith(_PROGRAMS)


@sync_and_async_middleware
def safe_headers(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: an answer is data, never a page that runs, is framed, or tells where it came from."""
    if not iscoroutinefunction(get_response):
        return lambda request: _with_headers(get_response(request))

    async def answer(request: HttpRequest) -> HttpResponseBase:
        return _with_headers(await get_response(request))

    return answer


def _with_headers(response: HttpResponseBase) -> HttpResponseBase:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
