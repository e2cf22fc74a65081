"""Route requests: the API, and whether this process is well."""

from __future__ import annotations

from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from ocrchat_server.api.v1.errors import error_response
from ocrchat_server.api.v1.routes import api


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
    return error_response(Http404())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django itself refuses."""
    return error_response(exception)


def failed(request: HttpRequest) -> HttpResponse:
    """A request that nobody foresaw."""
    return error_response(RuntimeError("see the traceback before"))


handler400, handler404, handler500 = bad_request, not_found, failed
urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", healthz),
    path("readyz", readyz),
]
