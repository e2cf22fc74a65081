"""Show administrators what stands in a document, with a reason that its owner sees."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ocrchat_server.accounts.errors import NoReason
from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.services import record_look
from ocrchat_server.jobs.queries import document_of, job_by_id
from ocrchat_server.storage.opening import opened_store


def look_into(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask for a reason; with one, write it down and show the text, on this page and this once."""
    if not request.user.has_perm("jobs.view_job"):
        raise PermissionDenied
    job = job_by_id(job_id)
    if job is None:
        raise Http404
    context = {**admin.site.each_context(request), "title": "What stands in a document", "job": job}
    if request.method == "POST":
        try:
            record_look(cast(Account, request.user), job.account_id, job.id, request.POST.get("reason", ""))
        except NoReason as error:
            messages.error(request, str(error))
        else:
            store = opened_store(settings.OCRCHAT.data, settings.OCRCHAT.blobs)
            context |= {"is_shown": True, "text": document_of(job, store).text}
    return render(request, "admin/look_into.html", context)
