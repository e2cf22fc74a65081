"""Show administrators what waits, and who works on it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ocrchat.model import Source
from ocrchat_server.jobs.estimate import measured_page_seconds
from ocrchat_server.jobs.waiting import longest_waiting, waiting_now


def queue(request: HttpRequest) -> HttpResponse:
    """Open jobs, their pages, the workers, how fast pages were read lately; the jobs that wait longest."""
    if not request.user.has_perm("jobs.view_job"):
        raise PermissionDenied
    context = {
        **admin.site.each_context(request),
        "title": "Queue",
        "waiting": waiting_now(settings.OCRCHAT.stalled_seconds),
        "page_seconds": [(source.value, measured_page_seconds(source)) for source in Source],
        "jobs": longest_waiting(),
    }
    return render(request, "admin/queue.html", context)
