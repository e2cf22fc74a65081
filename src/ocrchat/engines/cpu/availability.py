"""Say which languages can be read here and now, by what, and what would add the others."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from ocrchat.engines.base import Availability
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.languages import LANGUAGES, Language


class Reader(StrEnum):
    """What reads a language's lines."""

    PP_LATIN = "pp-ocrv6-latin"
    PP_FULL = "pp-ocrv6"
    TESSERACT = "tesseract"


LETTERS_PP_LACKS = frozenset({"vi", "yo", "de-Latf"})
"""Languages in Latin letters that PP-OCRv6 does not know enough of (checked letter by letter)."""


def availability(models: Path | None = None) -> Mapping[str, Availability]:
    """Every known language by its code; `models` is an operator's own folder of Tesseract models."""
    installed = installed_models(models)
    found = {}
    for language in LANGUAGES:
        reader = reader_of(language, installed)
        remedy = "" if reader else f"apt-get install {language.package}"
        found[language.code] = Availability(
            language.code, reader or Reader.TESSERACT, reader is not None, remedy
        )
    return found


def reader_of(language: Language, installed: Mapping[str, Path]) -> Reader | None:
    """What reads a language with those Tesseract models; None when a model is missing."""
    if language.script in {"Hans", "Hant", "Jpan"}:
        return Reader.PP_FULL
    if language.script == "Latn" and language.code not in LETTERS_PP_LACKS:
        return Reader.PP_LATIN
    return Reader.TESSERACT if language.tesseract in installed else None
