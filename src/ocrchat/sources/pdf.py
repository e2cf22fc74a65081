"""Open PDF files and draw their pages; the only place here that knows points."""

from __future__ import annotations

import ctypes
import math
import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw
from numpy.typing import NDArray

from ocrchat.sources import repair
from ocrchat.sources.limits import Limits
from ocrchat.sources.pdf_fonts import Fonts
from ocrchat.sources.pdf_layer import sketch_of
from ocrchat.sources.picture import Picture, Refusal, Remark, Sketch

_POINTS = 72
"""Points to the inch; PDFium reports sizes in them, /Rotate applied, /UserUnit not."""

_LONGEST_PASSWORD = 127
"""Characters of a password that can matter (ISO 32000-2, 7.6.4.3.3 says as many bytes)."""

_TAIL = 2048
"""Bytes from the end in which a whole PDF has its end marker."""

_ENDINGS = b"\nendstream\nendobj\n"
"""What a file that breaks off lacks for qpdf to take its last object as it is."""

_SMALL, _MOST_DPI = 1000, 1200
"""A page whose longer side would have fewer pixels is drawn larger, up to that resolution."""

_LEAST_SIDE, _MOST_SIDE = 1e-4, 1e10
"""Points that a page's side may have; beyond, arithmetic has no meaning."""

_BLOCK = 3 << 16
"""Bytes looked at in one go, a whole number of pixels; fits the processor's cache."""


def opened(file: int, password: str | None, limits: Limits, *, thorough: bool = True) -> PdfDecoder:
    """The PDF open as descriptor `file`, mended where PDFium or its page tree needs it; raises Refusal.

    PDFium believes the tree's /Count. With `thorough` qpdf counts too (1 ms, 50 ms for 400 pages) and the
    file is mended if it holds more; without, PDFium has to get along with the file as it is.
    """
    if password is not None:
        password = password[:_LONGEST_PASSWORD].encode("utf-8", "replace").decode()
    size = os.fstat(file).st_size
    data = mmap.mmap(file, size, access=mmap.ACCESS_COPY)
    try:
        document = pypdfium2.PdfDocument((ctypes.c_ubyte * size).from_buffer(data), password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Refusal("encrypted" if password is None else "wrong-password") from error
        if not thorough:
            raise Refusal("damaged") from error
        return _mended(data, password, limits)
    fonts = Fonts(lambda: _by_qpdf(file, password))
    pages = len(document)
    if pages > limits.pages:
        raise Refusal("over-limit", limit="pages", figure=pages)
    if not thorough:
        return PdfDecoder(document, range(pages), limits, fonts, (("pages-not-counted", {"pages": pages}),))
    if pages < (_pages_in_tree(file, password, limits) or 0):
        return _mended(data, password, limits)
    return PdfDecoder(document, range(pages), limits, fonts)


def _by_qpdf(file: int, password: str | None) -> pikepdf.Pdf:
    os.lseek(file, 0, os.SEEK_SET)
    stream = os.fdopen(os.dup(file), "rb")
    return pikepdf.open(stream, password=password or "", access_mode=pikepdf.AccessMode.mmap)


def _pages_in_tree(file: int, password: str | None, limits: Limits) -> int | None:
    with os.fdopen(os.dup(file), "rb") as stream:
        return repair.pages_in_tree(stream, password, limits)


def _mended(data: mmap.mmap, password: str | None, limits: Limits) -> PdfDecoder:
    cut = data.find(b"%%EOF", max(0, len(data) - _TAIL)) < 0
    with BytesIO(data[:] + (_ENDINGS if cut else b"")) as stream:
        mended = repair.mended(stream, password, limits)
    try:
        document = pypdfium2.PdfDocument(mended.data)
    except pypdfium2.PdfiumError as error:
        raise Refusal("damaged") from error
    found, claimed = len(mended.places), repair.claimed_pages(data)
    if claimed > found:
        remark: Remark = "pages-missing", {"pages": found, "claimed": claimed}
    else:
        remark = "file-cut-off" if cut else "file-mended", {"pages": found}
    fonts = Fonts(lambda: pikepdf.open(BytesIO(mended.data)))
    return PdfDecoder(document, mended.places, limits, fonts, (remark,))


class PdfDecoder:
    """An opened PDF; `places` are the document's indices of the pages, None for those that are lost."""

    def __init__(
        self,
        document: pypdfium2.PdfDocument,
        places: Sequence[int | None],
        limits: Limits,
        fonts: Fonts,
        remarks: tuple[Remark, ...] = (),
    ) -> None:
        self._document, self._places, self._limits = document, places, limits
        self._fonts = fonts
        self._before: pypdfium2.PdfPage | None = None
        self.page_count = len(places)
        self.remarks: tuple[tuple[Remark, int | None], ...] = tuple((remark, None) for remark in remarks)
        if document.get_formtype() != pypdfium2.raw.FORMTYPE_NONE:
            document.init_forms()

    def page(self, index: int) -> Picture:
        """Page `index` as a reader shows it: rotated, forms filled in, annotations drawn."""
        with self._opened(index) as page:
            return self._drawn(page)

    def sketch(self, index: int) -> Sketch:
        """What page `index` says of its text, in pixels of its picture."""
        with self._opened(index, is_kept=True) as page:
            sketch = self._sketched(page)
        renamed = self._fonts.renamed(self._places[index] or 0)
        return Sketch(sketch.head | {"renamed": renamed}, sketch.body)

    def text(self, index: int) -> str:
        """What page `index` says by itself, in the order in which it was written; raises Refusal."""
        with self._opened(index) as page:
            words = page.get_textpage()
            try:
                return str(words.get_text_bounded())
            finally:
                words.close()

    @contextmanager
    def _opened(self, index: int, *, is_kept: bool = False) -> Iterator[pypdfium2.PdfPage]:
        """The page; kept open until the next such, as PDFium forgets a font that no open page has."""
        place = self._places[index]
        if place is None:
            raise Refusal("page-lost")
        try:
            page = self._document[place]
        except pypdfium2.PdfiumError as error:
            raise Refusal("page-lost") from error
        try:
            yield page
        except pypdfium2.PdfiumError as error:
            raise Refusal("damaged") from error
        finally:
            if is_kept:
                page, self._before = self._before, page
            if page is not None:
                page.close()

    def _sketched(self, page: pypdfium2.PdfPage) -> Sketch:
        width, height = page.get_size()
        scale, remarks = fitting_scale(width, height, self._limits)
        columns, rows = math.ceil(width * scale), math.ceil(height * scale)
        sketch = sketch_of(self._document, page, columns, rows, self._limits)
        figures = {
            "width": columns,
            "height": rows,
            "dpi": round(scale * _POINTS, 2) or None,
            "scale": scale,
            "remarks": [list(remark) for remark in remarks],
        }
        return Sketch(sketch.head | figures, sketch.body)

    def _drawn(self, page: pypdfium2.PdfPage) -> Picture:
        width, height = page.get_size()
        scale, remarks = fitting_scale(width, height, self._limits)
        drawn = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True, bitmap_maker=_bitmap)
        pixels = _grey_if_grey(drawn.to_numpy())
        channels = 1 if pixels.ndim == 2 else 3
        rows, columns = pixels.shape[:2]
        dpi = round(scale * _POINTS, 2) or None
        return Picture(columns, rows, channels, [pixels.data], dpi, scale, remarks)


def fitting_scale(width: float, height: float, limits: Limits) -> tuple[float, tuple[Remark, ...]]:
    """Pixels a point for a page of that many points, and what to say about it; raises Refusal.

    The resolution asked for, unless the page would then be over the budget of pixels or the side, or
    too small for its letters to have a shape.
    """
    if not all(_LEAST_SIDE <= side <= _MOST_SIDE for side in (width, height)):
        raise Refusal("damaged")
    wanted = limits.pdf_dpi / _POINTS
    larger = min(_SMALL / max(width, height), _MOST_DPI / _POINTS)
    sides, area = width + height, width * height
    # (width * scale + 1) * (height * scale + 1) = pixels, as a page that ends within a pixel fills it
    by_pixels = (math.sqrt(sides**2 + 4 * area * (limits.pdf_pixels - 1)) - sides) / (2 * area)
    fitting = min(by_pixels, (limits.side - 1) / max(width, height))
    if fitting < wanted:
        return fitting, (("page-scaled-down", {"dpi": float(f"{fitting * _POINTS:.3g}")}),)
    return min(max(wanted, larger), fitting), ()


def _bitmap(width: int, height: int, format: int, rev_byteorder: bool) -> pypdfium2.PdfBitmap:  # noqa: A002
    """A bitmap in memory that numpy asked for, which comes in huge pages where the system has them."""
    room = np.empty(width * height * 3, np.uint8)
    buffer = (ctypes.c_ubyte * room.size).from_buffer(room.data)
    return pypdfium2.PdfBitmap.new_native(width, height, format, rev_byteorder, buffer)


def _grey_if_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One channel of a page without any colour, else all three."""
    flat = pixels.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK]
        differing = block[1:] ^ block[:-1]  # red from green, green from blue, blue from the next pixel's red
        if differing[0::3].any() or differing[1::3].any():
            return pixels
    return np.ascontiguousarray(pixels[..., 0])
