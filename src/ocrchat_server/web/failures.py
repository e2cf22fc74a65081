"""Show a page for a request that failed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def failure(request: HttpRequest, status: int, said: str) -> HttpResponse:
    """A page that says what went wrong; it looks nothing up, since that may be what failed."""
    return render(request, "web/failure.html", {"status": status, "said": said}, status=status)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or came too late."""
    return failure(request, 403, "This form has expired. Go back, load the page again and send it once more.")
