"""The routes that say what this server offers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from ocrchat.exports import FORMATS

router = Router(tags=["about"])


@router.get("/formats/", summary="List the formats")
def list_formats(request: HttpRequest) -> dict[str, Any]:
    """The formats a document can be downloaded in."""
    return {
        "downloads": [
            {"format": each.name, "media_type": each.media_type, "meaning": each.meaning} for each in FORMATS
        ]
    }
