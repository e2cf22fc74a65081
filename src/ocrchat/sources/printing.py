"""Make a searchable PDF inside the lock: a document's own pages, with layers of text under them."""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO

import pikepdf
from pikepdf import Dictionary, Name, String

from ocrchat.model.searchable import Imprint, PageLayer
from ocrchat.sources import repair
from ocrchat.sources.inert import make_inert
from ocrchat.sources.layers_font import font_of, name_letters
from ocrchat.sources.limits import Limits
from ocrchat.sources.own_pages import drop_invisible_text, lie_of, says_the_same, turn_of, turned_forth
from ocrchat.sources.pdf import PdfDecoder
from ocrchat.sources.picture import Decoder, Refusal
from ocrchat.sources.sheets import Matrix, drawing_of
from ocrchat.sources.silence import Silencer
from ocrchat.sources.sniff import SourceKind
from ocrchat.sources.tagging import Structure

FONT = Name.OcrText
"""What the content of layers calls their font."""

_A4_LONG = 842.0
"""Points that the longer side of a picture gets whose resolution nobody knows."""

_INVISIBLE_MODE = b"3 Tr"


class Printer:
    """A PDF in the making; pages are added in their order."""

    def __init__(
        self, document: Decoder, file: int, kind: SourceKind, password: str | None, limits: Limits
    ) -> None:
        self._document, self._file, self._kind = document, file, kind
        self._pdf, self._places = pikepdf.new(), list[int | None]()
        if isinstance(document, PdfDecoder):
            self._pdf, self._places = _own(file, password, document.page_count, limits)
        self._font, self._silencer = font_of(self._pdf), Silencer(self._pdf)
        self._is_tagged = "/StructTreeRoot" in self._pdf.Root
        self._structure = Structure(self._pdf)
        self._kept: list[pikepdf.Page] = []

    def add(self, layer: PageLayer) -> None:
        """Add a page with its layer. A page that cannot be shown is an empty sheet."""
        if isinstance(self._document, PdfDecoder):
            self._add_own(self._document, layer)
        else:
            self._add_sheet(layer)

    def finished(self, imprint: Imprint) -> bytes:
        """The file, with nothing in it that acts."""
        pdf = self._pdf
        name_letters(pdf, self._font, imprint.letters)
        if self._places:
            _keep_only(pdf, self._kept)
        if not self._is_tagged:
            self._structure.close()
        make_inert(pdf)
        for name in ("/Metadata", "/PieceInfo"):
            if name in pdf.Root:
                del pdf.Root[name]
        del pdf.docinfo
        pdf.docinfo.Title, pdf.docinfo.Producer = String(imprint.title), String("ocrchat")
        if imprint.language:
            pdf.Root.Lang = String(imprint.language)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with BytesIO() as out:
            pdf.save(
                out,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                encryption=False,
                deterministic_id=True,
                min_version="1.7",
            )
            return out.getvalue()

    def _add_sheet(self, layer: PageLayer) -> None:
        width, height = layer.width or 1, layer.height or 1
        scale = 72 / layer.dpi if layer.dpi else _A4_LONG / max(width, height)
        page = self._pdf.add_blank_page(page_size=(max(3, width * scale), max(3, height * scale)))
        try:
            picture, steps = drawing_of(
                self._pdf, self._document, layer.index, self._kind, self._file, layer.rotation
            )
        except Refusal:
            return
        page.obj.Resources = Dictionary(XObject=Dictionary(Im0=picture))
        size = f"{width * scale:.4f} 0 0 {height * scale:.4f} 0 0 cm\n".encode()
        page.obj.Contents = self._pdf.make_stream(b"/Artifact BMC\nq\n" + size + steps + b"Q\nEMC\n")
        self._lay_under(page, layer, [(scale, 0.0, 0.0, scale, 0.0, 0.0)])

    def _add_own(self, document: PdfDecoder, layer: PageLayer) -> None:
        place = self._places[layer.index]
        if place is None:
            return
        page = self._pdf.pages[place]
        self._kept.append(page)
        if not layer.content or not layer.width or not layer.height:
            return
        with suppress(Refusal):
            if says_the_same(document.text(layer.index), layer.text):
                return
        if not layer.is_addition:
            with suppress(pikepdf.PdfError, ValueError, TypeError):  # a content stream that nobody can parse
                if _INVISIBLE_MODE in _content_of(page):
                    drop_invisible_text(self._pdf, page)
            with suppress(pikepdf.PdfError, ValueError, TypeError):  # resources that are none
                self._silencer.quiet(page)
        shown = (layer.height, layer.width) if layer.rotation in (90, 270) else (layer.width, layer.height)
        steps = [lie_of(page, *shown), turned_forth(layer.rotation, layer.width, layer.height)]
        if layer.rotation:  # PDFium gives the words of a page that is shown upside down backwards
            page.obj.Rotate = (turn_of(page) - layer.rotation) % 360
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ\n")
        self._lay_under(page, layer, steps)

    def _lay_under(self, page: pikepdf.Page, layer: PageLayer, steps: Sequence[Matrix]) -> None:
        if not layer.content:
            return
        matrices = "".join(f"{' '.join(f'{each:.6f}' for each in step)} cm\n" for step in steps)
        data = zlib.compress(b"q\n" + matrices.encode() + layer.content + b"Q\n", 6)
        page.contents_add(pikepdf.Stream(self._pdf, data, Filter=Name.FlateDecode))
        page.add_resource(self._font, Name.Font, FONT)
        if not self._is_tagged:
            self._structure.add(page.obj, layer.tags)


def _own(file: int, password: str | None, count: int, limits: Limits) -> tuple[pikepdf.Pdf, list[int | None]]:
    """The PDF to write anew, mended where it must be, and where in it each of the document's pages is."""
    with suppress(pikepdf.PdfError):
        os.lseek(file, 0, os.SEEK_SET)
        stream = os.fdopen(os.dup(file), "rb")
        pdf = pikepdf.open(stream, password=password or "", access_mode=pikepdf.AccessMode.mmap)
        if len(pdf.pages) == count:
            return pdf, list(range(count))
    os.lseek(file, 0, os.SEEK_SET)
    with os.fdopen(os.dup(file), "rb") as stream:
        mended = repair.mended(stream, password, limits)
    return pikepdf.open(BytesIO(mended.data)), list(mended.places)


def _content_of(page: pikepdf.Page) -> bytes:
    contents = page.obj.get("/Contents")
    streams = contents if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n".join(each.read_bytes() for each in streams if isinstance(each, pikepdf.Stream))


def _keep_only(pdf: pikepdf.Pdf, kept: Sequence[pikepdf.Page]) -> None:
    """Leave those pages, which are in the document's order."""
    wanted = {page.objgen for page in kept}
    for place in range(len(pdf.pages) - 1, -1, -1):
        if pdf.pages[place].objgen not in wanted:
            del pdf.pages[place]
