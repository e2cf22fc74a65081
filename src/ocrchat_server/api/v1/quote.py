"""The route that says what a file would cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from ocrchat.errors import PageUnreadable
from ocrchat.model import Source
from ocrchat.pipeline import wanted_pages
from ocrchat.sources import OpenSource
from ocrchat_server.api.v1.forms import form_of, form_schema
from ocrchat_server.api.v1.payment import payer_of, plan_of, prices_of
from ocrchat_server.api.v1.resources import resources
from ocrchat_server.billing.pricing import sources_of
from ocrchat_server.billing.queries import standing_of
from ocrchat_server.jobs.estimate import estimated_seconds, measured_page_seconds
from ocrchat_server.jobs.waiting import waiting_now

router = Router(tags=["about"])

_LOOKED_AT = 20
"""Pages whose text layer is looked at, spread over the document."""


@router.post("/quote/", openapi_extra={"requestBody": form_schema()}, summary="Ask what a file would cost")
def quote(request: HttpRequest) -> dict[str, Any]:
    """Pages and credits of a file, and whether they are there; nothing is kept, nothing charged.

    The form is that of a document. `credits` are the most it can cost. `has_text` says whether the pages that
    were looked at, up to 20 spread over the document, have text of their own. `seconds` is about how long it
    would take now, from how long pages took here lately and what waits; null where nothing was read yet.
    """
    form = form_of(request)
    plan = plan_of(request)
    with resources().intake.open(Path(form.file.temporary_file_path()), form.options.password) as source:
        pages = wanted_pages(form.pages, source.page_count)
        has_text = _has_text(source, pages)
    needed = len(pages) * prices_of(plan).dearest(sources_of(form.options.tier, has_vlm=False))
    standing = standing_of(payer_of(request, plan))
    return {
        "pages": len(pages),
        "credits": needed,
        "pages_a_file": plan.pages_a_file,
        "used": standing.used,
        "cap": standing.cap,
        "is_affordable": standing.left is None or needed <= standing.left,
        "is_accepted": len(pages) <= plan.pages_a_file,
        "has_text": has_text,
        "seconds": _seconds(len(pages), has_text=has_text and form.options.text_layer != "never"),
    }


def _seconds(pages: int, *, has_text: bool) -> float | None:
    each = measured_page_seconds(Source.TEXT_LAYER if has_text else Source.CPU)
    if each is None:
        return None
    setup = settings.OCRCHAT
    return round(estimated_seconds(each, pages, waiting_now(setup.stalled_seconds), setup.engines), 1)


def _has_text(source: OpenSource, pages: tuple[int, ...]) -> bool:
    step = max(1, len(pages) // _LOOKED_AT)
    return all(_says_something(source, index) for index in pages[::step][:_LOOKED_AT])


def _says_something(source: OpenSource, index: int) -> bool:
    try:
        layer = source.text_layer(index)
    except PageUnreadable:
        return False
    return layer is not None and len(layer) > 0
