"""Keep pages out of every cache, and their addresses from every other site: they show tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware


@sync_and_async_middleware
def never_stored(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: no browser, and no proxy, keeps a page; no other site learns its address.

    Our own forms do tell theirs: with `no-referrer` a browser sends them with `Origin: null`, which is
    what a forged one would have (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
    """
    if not iscoroutinefunction(get_response):
        return lambda request: _never_stored(get_response(request))

    async def answer(request: HttpRequest) -> HttpResponseBase:
        return _never_stored(await get_response(request))

    return answer


def _never_stored(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
