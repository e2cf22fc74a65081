"""The routes that say what this server offers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router

from ocrchat.engines import languages_read
from ocrchat.exports import FORMATS
from ocrchat.languages import LANGUAGES
from ocrchat.sources.limits import described
from ocrchat.sources.sniff import MEDIA_TYPES

router = Router(tags=["about"])


@router.get("/formats/", summary="List the formats and limits")
def list_formats(request: HttpRequest) -> dict[str, Any]:
    """What files may be, how large, and what a document can be downloaded as."""
    return {
        "uploads": [{"format": kind.value, "media_type": media} for kind, media in MEDIA_TYPES.items()],
        "limits": list(described(settings.OCRCHAT.limits())),
        "downloads": [
            {"format": each.name, "media_type": each.media_type, "meaning": each.meaning} for each in FORMATS
        ],
    }


@router.get("/languages/", summary="List the languages")
def list_languages(request: HttpRequest) -> dict[str, Any]:
    """Every language by its code: what reads it, whether that is installed, how to add it where it isn't."""
    here = languages_read(settings.OCRCHAT.engine, settings.OCRCHAT.models_folder())
    return {
        "languages": [
            {
                "code": each.code,
                "name": each.name,
                "endonym": each.endonym,
                "aliases": list(each.aliases),
                "script": each.script,
                "direction": each.direction,
                "engine": here[each.code].reader,
                "installed": here[each.code].installed,
                "remedy": here[each.code].remedy,
            }
            for each in LANGUAGES
        ]
    }
