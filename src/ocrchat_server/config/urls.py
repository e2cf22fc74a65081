"""Route requests: the API, and whether this process is well."""

from __future__ import annotations

from django.core.exceptions import DisallowedHost
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from ocrchat_server.api.v1.errors import error_response
from ocrchat_server.api.v1.routes import api
from ocrchat_server.config.headers import is_for_programs
from ocrchat_server.web.failures import failure


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse(b'{"status": "ok"}', content_type="application/json")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers too, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError as error:
        return error_response(error)
    return HttpResponse(b'{"status": "ready"}', content_type="application/json")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    if is_for_programs(request.path):
        return error_response(Http404())
    return failure(request, 404, "There is nothing at this address.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself refuses."""
    if is_for_programs(request.path):
        return error_response(exception)
    if isinstance(exception, DisallowedHost):
        said = "This server is not known by that name; its operator sets OCRCHAT_PUBLIC_URL."
        return failure(request, 400, said)
    return failure(request, 400, "Your browser sent something that this server does not understand.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page that is not for this account."""
    return failure(request, 403, "This page is not for your account.")


def failed(request: HttpRequest) -> HttpResponse:
    """A request that nobody foresaw."""
    if is_for_programs(request.path):
        return error_response(RuntimeError("see the traceback before"))
    return failure(request, 500, "Something failed here. Try again in a while.")


handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, failed
urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("ocrchat_server.web.urls")),
]
