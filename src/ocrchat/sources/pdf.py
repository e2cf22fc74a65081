"""Open PDF files and draw their pages; the only place here that knows points."""

from __future__ import annotations

import ctypes
import math
import mmap
import os

import numpy as np
import pypdfium2
import pypdfium2.raw
from numpy.typing import NDArray

from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Picture, Refusal, Remark

_POINTS = 72
"""Points to the inch; PDFium reports sizes in them, /UserUnit and /Rotate applied."""


def opened(file: int, password: str | None, limits: Limits) -> PdfDecoder:
    """The PDF open as descriptor `file`; raises Refusal."""
    size = os.fstat(file).st_size
    data = mmap.mmap(file, size, access=mmap.ACCESS_COPY)
    try:
        document = pypdfium2.PdfDocument((ctypes.c_ubyte * size).from_buffer(data), password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Refusal("encrypted" if password is None else "wrong-password") from error
        raise Refusal("damaged") from error
    if len(document) > limits.pages:
        raise Refusal("over-limit", limit="pages", figure=len(document))
    return PdfDecoder(document, limits)


class PdfDecoder:
    """An opened PDF."""

    def __init__(self, document: pypdfium2.PdfDocument, limits: Limits) -> None:
        self._document, self._limits = document, limits
        self.page_count = len(document)
        self.remarks: tuple[tuple[Remark, int | None], ...] = ()
        if document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
            document.init_forms()

    def page(self, index: int) -> Picture:
        """Page `index` as a reader shows it: rotated, forms filled in, annotations drawn."""
        try:
            page = self._document[index]
        except pypdfium2.PdfiumError as error:
            raise Refusal("page-lost") from error
        try:
            return self._drawn(page)
        except pypdfium2.PdfiumError as error:
            raise Refusal("damaged") from error
        finally:
            page.close()

    def _drawn(self, page: pypdfium2.PdfPage) -> Picture:
        width, height = page.get_size()
        scale, remarks = fitting_scale(width, height, self._limits)
        drawn = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
        pixels = _grey_if_grey(drawn.to_numpy())
        channels = 1 if pixels.ndim == 2 else 3
        rows, columns = pixels.shape[:2]
        return Picture(columns, rows, channels, [pixels.data], round(scale * _POINTS, 2), scale, remarks)


def fitting_scale(width: float, height: float, limits: Limits) -> tuple[float, tuple[Remark, ...]]:
    """Pixels a point for a page of that many points, and what to say about it; raises Refusal.

    The resolution asked for, unless the page would then be over the budget of pixels or the side.
    """
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise Refusal("damaged")
    wanted = limits.pdf_dpi / _POINTS
    fitting = min(
        wanted, math.sqrt(limits.pdf_pixels / (width * height)), (limits.side - 1) / max(width, height)
    )
    if fitting < wanted:
        return fitting, (("page-scaled-down", {"dpi": round(fitting * _POINTS, 1)}),)
    return wanted, ()


def _grey_if_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The one channel of a page without colour, else all three; a few rows tell at once on most."""
    for step in (16, 1):
        part = pixels[::step]
        if not (np.array_equal(part[..., 0], part[..., 1]) and np.array_equal(part[..., 1], part[..., 2])):
            return np.ascontiguousarray(pixels)
    return np.ascontiguousarray(pixels[..., 0])
