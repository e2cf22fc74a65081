"""Answer for one document inside the lock: open it, then decode the pages that are asked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from ocrchat.sources import pdf, raster, tiff
from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Decoder, Refusal, Sketch
from ocrchat.sources.press import Press
from ocrchat.sources.sandbox.lock import limit_processor
from ocrchat.sources.sniff import SourceKind
from ocrchat.sources.wire import Gone, packed, reader_of, received, write_all

Result = TypeVar("Result")


def serve(channel: int, file: int, limits: Limits) -> None:
    """Read requests from descriptor `channel` about the file open as `file` until the parent is gone.

    The first names the kind, the password and how thorough to be, each further one a page whose picture
    (`page`) or own text (`text`) is wanted, or a parcel for a searchable PDF (`print`); all say how many
    seconds of processor time (`cpu`) they may cost. Every answer is one message, and after that of a page
    its pixels, or its text's places; after that of the last parcel the PDF.
    """
    os.lseek(file, 0, os.SEEK_SET)
    read = reader_of(channel)
    try:
        request = received(read)
        limit_processor(request["cpu"])
        document = _answered(channel, lambda: opened(request, file, limits))
        if document is None:
            return
        press = Press(document, file, SourceKind(request["kind"]), request["password"], limits)
        while True:
            request = received(read)
            limit_processor(request["cpu"])
            if "print" in request:
                _print(channel, press, request)
            elif "text" in request:
                _send_sketch(channel, document, request["text"])
            else:
                _send_page(channel, document, request["page"])
    except (Gone, BrokenPipeError):
        return


def opened(request: dict[str, Any], file: int, limits: Limits) -> Decoder:
    """The document that a request asks for; raises Refusal."""
    kind, thorough = SourceKind(request["kind"]), request["thorough"]
    if kind is SourceKind.PDF:
        return pdf.opened(file, request["password"], limits, thorough=thorough)
    if kind is SourceKind.TIFF:
        return tiff.opened(file, limits)
    return raster.opened(file, kind, limits, thorough=thorough)


def _tried(channel: int, attempt: Callable[[], Result]) -> Result | None:
    """What comes of an attempt; where it is refused, the answer is given and nothing comes of it."""
    try:
        return attempt()
    except Refusal as refusal:
        write_all(channel, packed({"refused": refusal.code, "figures": refusal.figures}))
    except MemoryError:
        write_all(channel, packed({"refused": "memory", "figures": {}}))
    return None


def _answered(channel: int, opening: Callable[[], Decoder]) -> Decoder | None:
    document = _tried(channel, opening)
    if document is None:
        return None
    remarks = [[code, figures, page] for (code, figures), page in document.remarks]
    write_all(channel, packed({"pages": document.page_count, "remarks": remarks}))
    return document


def _print(channel: int, press: Press, request: dict[str, Any]) -> None:
    printed = _tried(channel, lambda: press.take(request["print"], request["part"], last=request["last"]))
    if printed is not None:
        write_all(channel, packed({"bytes": len(printed)}))
        write_all(channel, printed)


def _send_sketch(channel: int, document: Decoder, index: int) -> None:
    sketch = _tried(channel, lambda: document.sketch(index) or Sketch({}, b""))
    if sketch is not None:
        write_all(channel, packed(sketch.head))
        write_all(channel, sketch.body)


def _send_page(channel: int, document: Decoder, index: int) -> None:
    picture = _tried(channel, lambda: document.page(index))
    if picture is None:
        return
    head = {
        "width": picture.width,
        "height": picture.height,
        "channels": picture.channels,
        "dpi": picture.dpi,
        "scale": picture.scale,
        "remarks": [[code, figures] for code, figures in picture.remarks],
    }
    write_all(channel, packed(head))
    for band in picture.bands:
        write_all(channel, band)
