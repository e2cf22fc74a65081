"""Say which languages can be read here and now, by what, and what would add the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from ocrchat.engines.base import Availability
from ocrchat.engines.cpu.net_cards import ReadsLanguages, cards_in
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.languages import LANGUAGES, Language


class Reader(StrEnum):
    """What reads a language's lines."""

    PP_LATIN = "pp-ocrv6-latin"
    PP_FULL = "pp-ocrv6"
    TESSERACT = "tesseract"
    NET = "net"


LETTERS_PP_LACKS = frozenset({"vi", "yo", "de-Latf"})
"""Languages in Latin letters that PP-OCRv6 does not know enough of (checked letter by letter)."""


def availability(models: Path | None = None) -> Mapping[str, Availability]:
    """Every known language by its code; `models` is an operator's own folder."""
    installed, nets = installed_models(models), cards_in(models) if models else ()
    found = {}
    for language in LANGUAGES:
        reader = reader_of(language, installed, nets)
        remedy = "" if reader else f"apt-get install {language.package}"
        found[language.code] = Availability(
            language.code, reader or Reader.TESSERACT, reader is not None, remedy
        )
    return found


def reader_of(
    language: Language, installed: Mapping[str, Path], nets: Sequence[ReadsLanguages] = ()
) -> Reader | None:
    """What reads a language with those Tesseract models and nets of an operator; None for nothing."""
    if language.script in {"Hans", "Hant", "Jpan"}:
        return Reader.PP_FULL
    if language.script == "Latn" and language.code not in LETTERS_PP_LACKS:
        return Reader.PP_LATIN
    if language.tesseract in installed:
        return Reader.TESSERACT
    return Reader.NET if any(net.reads(language) for net in nets) else None
