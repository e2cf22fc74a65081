"""Turn every error into the contract's JSON: one table."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from ocrchat.errors import OcrchatError, RequestError, ServiceError, SourceError
from ocrchat_server.accounts.errors import WrongToken
from ocrchat_server.billing.errors import OutOfPages, TooManyRequests
from ocrchat_server.chat.errors import ConversationNotFound, TooManyMessages
from ocrchat_server.jobs.errors import JobNotFinished, JobNotFound, TooMuchWaiting

log = logging.getLogger(__name__)

STATUS: Mapping[type[Exception], int] = {
    SourceError: 400,
    RequestError: 400,
    OutOfPages: 402,
    TooManyRequests: 429,
    WrongToken: 401,
    JobNotFound: 404,
    ConversationNotFound: 404,
    TooManyMessages: 429,
    JobNotFinished: 409,
    ServiceError: 503,
    Http404: 404,
    BadRequest: 400,
    MultiPartParserError: 400,
    RequestDataTooBig: 400,
    SuspiciousOperation: 400,
}
"""The status of each error; one that is not named here has that of its nearest named ancestor."""

RETRY_AFTER_SECONDS = 5


def status_of(error: Exception) -> int:
    """The status of an error; 503 for one that nobody foresaw: the contract knows no 500."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 503)


def error_body(message: str, **figures: int) -> bytes:
    """`{"error": message}`, and figures beside it, in UTF-8."""
    return json.dumps({"error": message, **figures}, ensure_ascii=False).encode("utf-8", "replace")


def error_response(error: Exception) -> HttpResponse:
    """The answer to a request that ended in this error."""
    status = status_of(error)
    if isinstance(error, TooMuchWaiting) or (
        isinstance(error, OcrchatError) and not isinstance(error, ServiceError)
    ):
        message = str(error)
    elif status == 503:
        log.error("a request failed", exc_info=error)
        message = "something failed here; the request itself is fine, try again later"
    elif status == 404:
        message = "there is nothing at this address"
    else:
        message = "the request is malformed; a form is sent as multipart/form-data, with the file in `file`"
    figures = {"used": error.used, "cap": error.cap} if isinstance(error, OutOfPages) else {}
    response = HttpResponse(error_body(message, **figures), status=status, content_type="application/json")
    if isinstance(error, TooManyRequests | TooManyMessages):
        response["Retry-After"] = str(error.seconds)
    if status == 503:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


@sync_and_async_middleware
def json_errors(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: no error leaves with a framework's own page as its body."""
    if not iscoroutinefunction(get_response):
        return lambda request: _as_json(get_response(request))

    async def answer(request: HttpRequest) -> HttpResponseBase:
        return _as_json(await get_response(request))

    return answer


def _as_json(response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code < 400 or response.headers.get("Content-Type") == "application/json":
        return response
    allowed = response.headers.get("Allow")
    message = f"this address takes {allowed}" if allowed else response.reason_phrase
    answer = HttpResponse(error_body(message), status=response.status_code, content_type="application/json")
    if allowed:
        answer["Allow"] = allowed
    return answer


def add_error_table(api: NinjaAPI) -> None:
    """Make every error that leaves a route of this API answer by the table."""

    @api.exception_handler(Exception)
    def _any(request: HttpRequest, error: Exception) -> HttpResponse:
        return error_response(error)

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        first = error.errors[0]
        return error_response(RequestError(f"{first['loc'][-1]}: {first['msg']}"))

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return error_response(RequestError(str(error)))
