"""The route of the list of documents."""

from __future__ import annotations

import json
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query

from ocrchat.errors import UnknownOption
from ocrchat_server.accounts.errors import WrongToken
from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.ocr import router
from ocrchat_server.api.v1.payloads import job_summary
from ocrchat_server.jobs.listing import jobs_of

MOST_JOBS = 100


@router.get("/", summary="List my documents")
def list_documents(
    request: HttpRequest, limit: Annotated[str, Query()] = "20", cursor: Annotated[str, Query()] = ""
) -> HttpResponse:
    """The account's jobs without their texts, newest first; `next` is the cursor of those before."""
    account = account_of(request)
    if account is None:
        raise WrongToken("a list needs an account: send its token")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:6]) <= MOST_JOBS):
        raise UnknownOption("limit", limit, [f"1 to {MOST_JOBS}"])
    listed = jobs_of(account, int(limit), cursor)
    body = {"jobs": [job_summary(job) for job in listed.jobs], "next": listed.following}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
