"""Turn what a decode child reports, codes and figures, into sentences of our own.

No sentence of a child reaches anybody: a child that was taken over by its file could otherwise speak with
our voice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ocrchat.errors import (
    DamagedSource,
    EncryptedSource,
    PageUnreadable,
    SandboxUnavailable,
    ServiceError,
    SourceError,
    SourceTooLarge,
)
from ocrchat.model import Note
from ocrchat.sources.limits import Limits
from ocrchat.sources.wire import Garbled

NOTES = {
    "page-scaled-down": "the page is larger than the pixel budget and was drawn at {dpi} dpi",
    "light-on-transparent": "light writing on a transparent ground was put on black",
    "page-stretched": "its pixels are not square ({across} by {down} dpi); the page was stretched",
    "image-cut-off": "the file breaks off; only the upper {percent} % of the picture are there",
    "frames-cut-off": "the animation breaks off after frame {frames}",
    "frames-joined": "its {frames} pictures are not timed (GIF 87a); they are one page, one below the other",
    "frames-left-out": "only the first {frames} frames of the animation were looked at",
    "file-mended": "the file's structure was broken and has been mended; {pages} pages were found",
    "file-cut-off": "the file breaks off; {pages} pages were found in it, others may be lost",
    "pages-missing": "the file says that it has {claimed} pages, but only {pages} were found",
    "pages-not-counted": "the file says that it has {pages} pages; it is too odd for them to be counted",
    "pages-cut-off": "the file breaks off after page {pages}; what followed is lost",
    "pages-in-a-loop": "the file's chain of pages leads back into itself after page {pages}",
}
"""What a document or a page may have to be said about it, by code."""

REFUSALS = {
    "damaged": "it is damaged and cannot be decoded",
    "page-lost": "the file names it, but does not hold it",
    "memory": "decoding it takes more memory than is allowed",
    "time": "decoding it takes more time than is allowed",
    "crash": "it breaks the decoder",
    "given-up": "too many pages of this document broke the decoder",
}
"""Why a file or a page cannot be read, by code; the sentence goes on from its subject."""

_PASSWORDS = {
    "encrypted": "the PDF is encrypted; its password is needed to read it",
    "wrong-password": "the PDF is encrypted, and the password that was given does not open it",
}


def note(code: object, figures: object, page: int | None = None) -> Note:
    """The note of a child's remark; raises Garbled for what is none."""
    if not isinstance(code, str) or code not in NOTES:
        raise Garbled("an unknown remark")
    try:
        return Note(code, NOTES[code].format(**_numbers(figures)), page)
    except (KeyError, ValueError) as error:
        raise Garbled("a remark without its figures") from error


def refused(answer: Mapping[str, Any], limits: Limits, page: int | None = None) -> SourceError | ServiceError:
    """The error of a child's refusal to open a file, or to decode `page` (counted from 1); raises Garbled."""
    code, figures = answer.get("refused"), answer.get("figures")
    if code == "over-limit" and isinstance(figures, dict):
        error = _over(figures, limits)
        return error if page is None else PageUnreadable(f"page {page} cannot be read: {error}")
    if code == "lock":
        return SandboxUnavailable("the lock for untrusted files could not be closed, so nothing is decoded")
    if isinstance(code, str) and code in _PASSWORDS:
        return EncryptedSource(_PASSWORDS[code])
    if isinstance(code, str) and code in REFUSALS:
        return unreadable(code, page)
    raise Garbled("an unknown refusal")


def unreadable(code: str, page: int | None) -> SourceError:
    """The error for a whole file (None) or one page, for a code of REFUSALS."""
    if page is None:
        return DamagedSource(f"the file cannot be read: {REFUSALS[code]}")
    return PageUnreadable(f"page {page} cannot be read: {REFUSALS[code]}")


def _over(figures: Mapping[str, Any], limits: Limits) -> SourceTooLarge:
    for each in fields(limits):
        figure = figures.get("figure")
        if each.name == figures.get("limit") and isinstance(figure, int):
            return SourceTooLarge(
                each.metadata["of"], getattr(limits, each.name), figure, each.metadata["unit"]
            )
    raise Garbled("an unknown limit")


def _numbers(figures: object) -> dict[str, int | float]:
    if not isinstance(figures, dict):
        raise Garbled("figures that are none")
    for name, value in figures.items():
        if not isinstance(name, str) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Garbled("a figure that is none")
    return figures
