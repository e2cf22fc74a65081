"""Use every decoder once, so that nothing has to be loaded when the lock is closed.

And use the commonest again in a child that has nothing to do yet: what it writes to while decoding, its own
copies of the zygote's memory, the kernel has then made for it, a third of the time of a small document.
"""

from __future__ import annotations

import codecs
import encodings
import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pikepdf
import PIL
from PIL import Image

from ocrchat.model.searchable import Imprint, PageLayer, Tag
from ocrchat.sources import decoder
from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Decoder
from ocrchat.sources.printing import Printer
from ocrchat.sources.raster import FORMATS
from ocrchat.sources.sniff import SourceKind

_CODECS = ("ascii", "latin-1", "cp1252", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "idna")
_TEXT = (
    b"0 0 50 1 re f q 10 0 0 10 80 10 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q "
    b"BT /F 12 Tf 10 50 Td (warm up) Tj ET"
)
"""A line, a picture and words."""


def up() -> None:
    """Decode one small picture of each kind, and a PDF that asks for a font it does not bring.

    The latter makes PDFium list the system's fonts, 100 ms that each child would else spend anew.
    """
    Image.init()
    for codec in _CODECS:
        codecs.lookup(codec)
    for kind, data in _samples():
        with _file_of(data) as file:
            _print(_decoded(kind, file.fileno()), file.fileno(), kind)


class Rehearsal:
    """Small files of the commonest kinds, made where files may still be made.

    No PDF: it would cost 17 ms of a processor each time, whatever comes then.
    """

    def __init__(self) -> None:
        image = Image.new("L", (48, 32), 200)
        samples = (
            (SourceKind.PNG, _saved(image, "PNG")),
            (SourceKind.JPEG, _saved(image, "JPEG")),
        )
        self._files = [(kind, _file_of(data)) for kind, data in samples]

    def run(self) -> None:
        """Decode each of them; of no use but to the process that does it."""
        for kind, file in self._files:
            _decoded(kind, file.fileno())


def _file_of(data: bytes) -> BinaryIO:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who asked, or open for good
    file.write(data)
    file.flush()
    return file


def _decoded(kind: SourceKind, file: int) -> Decoder:
    os.lseek(file, 0, os.SEEK_SET)
    document = decoder.opened({"kind": kind, "password": None, "thorough": True}, file, Limits())
    for _ in document.page(0).bands:
        pass
    document.sketch(0)
    return document


def _print(document: Decoder, file: int, kind: SourceKind) -> None:
    printer = Printer(document, file, kind, None, Limits())
    content = b"BT 3 Tr /P <</MCID 0>> BDC /OcrText 9 Tf 100 Tz 1 0 0 1 0 0 Tm <0001> Tj EMC ET\n"
    printer.add(PageLayer(0, 48, 32, None, 0, "layer", content, (Tag(("P 0",), 0),)))
    printer.finished(Imprint("title", "en", ("x",)))


def code_folders() -> tuple[Path, ...]:
    """Folders of code that something forgotten here may still be imported from."""
    return Path(encodings.__file__).parents[1], Path(PIL.__file__).parent, Path(pikepdf.__file__).parent


def _samples() -> Iterator[tuple[SourceKind, bytes]]:
    image = Image.new("RGB", (48, 32), (200, 30, 30))
    for kind, format_ in FORMATS.items():
        yield kind, _saved(image, format_)
    for mode, how in (("1", "group4"), ("L", "tiff_lzw"), ("RGB", "jpeg"), ("RGB", "tiff_adobe_deflate")):
        yield SourceKind.TIFF, _saved(image.convert(mode), "TIFF", compression=how)
    for mode in ("P", "LA", "RGBA", "I;16"):
        yield SourceKind.PNG, _saved(image.convert("L" if ";" in mode else "RGBA").convert(mode), "PNG")
    yield SourceKind.PDF, _saved(image, "PDF")
    yield SourceKind.PDF, _written_pdf()


def _saved(image: Image.Image, format_: str, **how: str) -> bytes:
    with BytesIO() as out:
        fast = {"speed": 10, "max_threads": 1} if format_ == "AVIF" else {}
        image.save(out, format_, **how, **fast)
        return out.getvalue()


def _written_pdf() -> bytes:
    with pikepdf.new() as pdf, BytesIO() as out:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name.Georgia
        )
        page = pdf.add_blank_page(page_size=(200, 100))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = pdf.make_stream(_TEXT)
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T="a",
                V="b",
                Rect=[0, 0, 9, 9],
            )
        )
        page.Annots = pikepdf.Array([field])
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(out)
        return out.getvalue()
