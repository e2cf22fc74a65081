"""The routes of documents: post one, get it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from ocrchat.engines import check_languages
from ocrchat.errors import RequestError, SourceTooLarge, UnknownOption
from ocrchat.model import Document
from ocrchat.pipeline import tier_notes, wanted_pages
from ocrchat_server.accounts.models import Account
from ocrchat_server.api.v1.caller import account_of, requester_of
from ocrchat_server.api.v1.forms import Form, form_of, form_schema
from ocrchat_server.api.v1.payloads import job_response
from ocrchat_server.api.v1.payment import payer_of, plan_of, prices_of
from ocrchat_server.api.v1.resources import Resources, resources
from ocrchat_server.billing.pricing import sources_of
from ocrchat_server.billing.services import Reservation, check_wanted
from ocrchat_server.jobs.errors import JobNotFound
from ocrchat_server.jobs.idempotency import KeyTaken, RequestKey, job_of_key, request_key
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import document_of, job_and_pages, job_by_id, job_of, last_page_of
from ocrchat_server.jobs.submit import Submission, stored_upload, submit_job
from ocrchat_server.jobs.webhooks.addresses import checked_url
from ocrchat_server.storage.connections import in_thread

router = Router(tags=["documents"])


@router.post("/", openapi_extra={"requestBody": form_schema()}, summary="Post a document")
async def post_document(request: HttpRequest) -> HttpResponse:
    """Take a file in. A short one is answered finished (200), a longer one at once (202)."""
    uses = resources()
    job_id = uuid4()
    with uses.watch.expecting(job_id) as end:
        job = await in_thread(_accepted)(request, job_id, uses)
        if job.page_count <= uses.inline_pages:
            # A job that the same key made before has perhaps ended before anybody listened.
            expected = end if job.id == job_id else replace(end, heard=False)
            await expected.is_met(in_thread(partial(_is_finished, job.id)), uses.inline_seconds)
    try:
        return await in_thread(_answer)(job.id, uses)
    except OperationalError:  # the job is accepted, whatever became of the database: it is to be polled
        return job_response(job, Document(()), words=False, status=202)


@router.get("/{uuid}/", summary="Get a document")
async def get_document(
    request: HttpRequest,
    uuid: str,
    detail: Annotated[str, Query()] = "",
    pages: Annotated[str, Query()] = "",
) -> HttpResponse:
    """The job with the pages that are finished so far; poll until it is `done` or `failed`.

    With `pages`, counted from 1, `1-5,8`, only those and their text.
    """
    if detail not in ("", "words"):
        raise UnknownOption("detail", detail, ["words"])
    return await in_thread(_shown)(request, uuid, pages, words=detail == "words")


def _shown(request: HttpRequest, uuid: str, pages: str, *, words: bool) -> HttpResponse:
    job = job_of(account_of(request), uuid)
    only = wanted_pages(pages, last_page_of(job)) if pages else None
    uses = resources()
    document = document_of(job, uses.store, only) if words else uses.outlines.of(job, only)
    return job_response(job, document, words=words)


def _accepted(request: HttpRequest, job_id: UUID, uses: Resources) -> Job:
    """The job of a POST; the same as before when its Idempotency-Key came before."""
    form = form_of(request)
    try:
        return _job_of(form, request, job_id, uses)
    finally:
        form.file.close()  # of a client that has hung up, nobody else would


def _job_of(form: Form, request: HttpRequest, job_id: UUID, uses: Resources) -> Job:
    key = _key_of(request, form)
    if key is None:
        return _new_job(request, form, None, job_id, uses)
    if (known := job_of_key(key)) is None:
        try:
            return _new_job(request, form, key, job_id, uses)
        except KeyTaken:
            known = job_of_key(key)
    job = job_by_id(known) if known else None
    if job is None:
        raise JobNotFound("the job that this Idempotency-Key made was deleted")
    return job


def _key_of(request: HttpRequest, form: Form) -> RequestKey | None:
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        return None
    fields = {name: str(value) for name, value in request.POST.items()} | {"file": form.file.name or ""}
    return request_key(requester_of(request), sent, fields, Path(form.file.temporary_file_path()))


def _new_job(request: HttpRequest, form: Form, key: RequestKey | None, job_id: UUID, uses: Resources) -> Job:
    """The job of a form: the file looked at behind the lock, all of it stored."""
    check_languages(uses.engine, form.options.languages, uses.models)
    account = account_of(request)
    webhook_url = _webhook_of(form, account, uses)
    plan = plan_of(request)
    payer, prices = payer_of(request, plan), prices_of(plan)
    file = Path(form.file.temporary_file_path())
    with stored_upload(job_id, file, uses.store) as upload:
        with uses.intake.open(file, form.options.password) as source:
            kind, notes = source.kind, source.notes
            pages = wanted_pages(form.pages, source.page_count)
        if len(pages) > plan.pages_a_file:
            raise SourceTooLarge("number of pages", plan.pages_a_file, len(pages), "pages")
        submission = Submission(
            file_name=form.file.name or "document",
            file_kind=kind,
            file_size=file.stat().st_size,
            pages=pages,
            notes=tier_notes(form.options.tier) + form.notes + notes,
            tier=form.options.tier,
            language=form.language,
            languages=form.options.languages,
            text_layer=form.options.text_layer,
            password=form.options.password,
            requester=requester_of(request),
            weight=plan.weight,
            keep_seconds=uses.keep_seconds if account else uses.keep_anonymous_seconds,
            key=key,
            webhook_url=webhook_url,
        )
        needed = len(pages) * prices.dearest(sources_of(form.options.tier, has_vlm=False))
        reservation = Reservation(job_id, payer, needed, prices, timezone.now())
        check_wanted(reservation, form.max_credits)
        return submit_job(
            job_id,
            submission,
            upload,
            account,
            reservation,
            dispatcher=uses.dispatcher,
            inline_pages=uses.inline_pages,
            most=uses.most,
        )


def _webhook_of(form: Form, account: Account | None, uses: Resources) -> str:
    """Where the job's end is to be told; empty for nowhere. RequestError for what is not called from here."""
    if form.webhook_url and account is None:
        raise RequestError("webhook_url needs an account, whose secret signs what is sent: send its token")
    return checked_url(form.webhook_url, uses.webhook_networks) if form.webhook_url else ""


def _is_finished(job_id: UUID) -> bool:
    return JobStatus(Job.objects.values_list("status", flat=True).get(id=job_id)).is_final


def _answer(job_id: UUID, uses: Resources) -> HttpResponse:
    job, finished = job_and_pages(job_id)
    if job is None:
        raise JobNotFound("the job was deleted meanwhile")
    status = 200 if JobStatus(job.status).is_final else 202
    return job_response(job, uses.outlines.of_pages(job, finished), words=False, status=status)
