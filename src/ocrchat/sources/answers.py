"""Hold what a decode child answers against the limits; nothing else of it is believed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from ocrchat.model import Note
from ocrchat.sources import findings
from ocrchat.sources.limits import Limits
from ocrchat.sources.wire import Garbled

_MOST_NOTES = 100
_MOST_PRINTED = 1 << 30


@dataclass(frozen=True, slots=True)
class Opening:
    """What a child says about a file that it opened."""

    pages: int
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class PageHead:
    """What a child says about a page whose pixels follow; `shape` is that of `PageImage.pixels`."""

    shape: tuple[int, ...]
    dpi: float | None
    scale: float
    notes: tuple[Note, ...]


def opening(answer: Mapping[str, Any], limits: Limits) -> Opening:
    """The answer to a request to open a file; raises Garbled."""
    pages = answer.get("pages")
    if not is_whole(pages, 1, limits.pages):
        raise Garbled("an impossible number of pages")
    notes = []
    for code, figures, page in remarks_of(answer, 3):
        if page is not None and not is_whole(page, 1, pages):
            raise Garbled("a remark on no page")
        notes.append(findings.note(code, figures, None if page is None else page - 1))
    return Opening(pages, tuple(notes))


def printed_bytes(answer: Mapping[str, Any]) -> int:
    """The answer to a parcel: the size of the file that follows; raises Garbled."""
    size = answer.get("bytes")
    if not is_whole(size, 0, _MOST_PRINTED):
        raise Garbled("a file of impossible size")
    return size


def page_head(answer: Mapping[str, Any], limits: Limits) -> PageHead:
    """The answer to a request for a page; raises Garbled."""
    width, height, channels = answer.get("width"), answer.get("height"), answer.get("channels")
    if not (
        is_whole(width, 1, limits.side) and is_whole(height, 1, limits.side) and is_whole(channels, 1, 3)
    ):
        raise Garbled("a page of impossible size")
    if width * height > max(limits.pixels, limits.pdf_pixels) or channels == 2:
        raise Garbled("a page of impossible size")
    dpi, scale = answer.get("dpi"), answer.get("scale")
    if not (is_positive(scale) and (dpi is None or is_positive(dpi))):
        raise Garbled("a page of impossible scale")
    notes = tuple(findings.note(code, figures) for code, figures in remarks_of(answer, 2))
    shape = (height, width) if channels == 1 else (height, width, 3)
    return PageHead(shape, dpi, float(scale), notes)


def remarks_of(answer: Mapping[str, Any], parts: int) -> list[list[Any]]:
    """An answer's remarks, each of so many parts; raises Garbled."""
    remarks = answer.get("remarks")
    if not isinstance(remarks, list) or len(remarks) > _MOST_NOTES:
        raise Garbled("remarks that are none")
    if any(not isinstance(remark, list) or len(remark) != parts for remark in remarks):
        raise Garbled("a remark that is none")
    return remarks


def is_whole(value: Any, least: int, most: int) -> TypeGuard[int]:
    """Whether an answer's value is a whole number within bounds."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_positive(value: Any) -> TypeGuard[float]:
    """Whether an answer's value is a finite number over 0."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0
