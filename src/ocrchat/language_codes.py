"""Tell which languages somebody means: codes, aliases, English and own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ocrchat.errors import UnknownOption
from ocrchat.languages import LANGUAGES, Language

AUTO = "auto"
ACCEPTED = (
    "auto",
    "a code such as en, de, ar, zh-TW",
    "several such as en+ar",
    "every code of GET /api/v1/languages/",
)


def resolve(text: str) -> tuple[str, ...]:
    """The canonical codes of what somebody typed; empty for `auto`.

    Takes codes of BCP 47, ISO 639 and Tesseract, English and own names, in any case, with regions
    (`de-DE`), and several joined by `+` or `,`. Raises UnknownOption.
    """
    if text.strip().lower() in {"", AUTO}:
        return ()
    codes = [_code_of(part) for part in text.replace(",", "+").split("+")]
    return tuple(dict.fromkeys(codes))


def _code_of(text: str) -> str:
    tags = text.strip().casefold().replace("_", "-").split("-")
    for length in range(len(tags), 0, -1):
        if code := _CODES.get("-".join(tags[:length])):
            return code
    raise UnknownOption("language", text.strip(), ACCEPTED)


def _codes() -> Mapping[str, str]:
    """Every accepted spelling and its code; codes win over aliases, those over models' names."""
    spellings: tuple[Callable[[Language], tuple[str, ...]], ...] = (
        lambda language: (language.code,),
        lambda language: language.aliases,
        lambda language: (language.tesseract or language.code, language.name, language.endonym),
    )
    codes: dict[str, str] = {}
    for names in spellings:
        for language in LANGUAGES:
            for name in names(language):
                codes.setdefault(name.casefold().replace("_", "-"), language.code)
    return codes


_CODES = _codes()
