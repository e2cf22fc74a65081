"""Tell what a file is from its first bytes."""

from __future__ import annotations

from enum import StrEnum

HEAD = 1024
"""Bytes from the start that are enough to tell; a PDF's header may stand anywhere in them."""


class SourceKind(StrEnum):
    """The types of file that are read here."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    AVIF = "avif"
    JP2 = "jp2"


MEDIA_TYPES = {
    SourceKind.PDF: "application/pdf",
    SourceKind.PNG: "image/png",
    SourceKind.JPEG: "image/jpeg",
    SourceKind.WEBP: "image/webp",
    SourceKind.GIF: "image/gif",
    SourceKind.BMP: "image/bmp",
    SourceKind.TIFF: "image/tiff",
    SourceKind.AVIF: "image/avif",
    SourceKind.JP2: "image/jp2",
}

ACCEPTED = ", ".join(kind.upper() for kind in SourceKind)
"""What may be sent, for sentences."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", SourceKind.PNG),
    (b"\xff\xd8\xff", SourceKind.JPEG),
    (b"GIF87a", SourceKind.GIF),
    (b"GIF89a", SourceKind.GIF),
    (b"II*\0", SourceKind.TIFF),
    (b"MM\0*", SourceKind.TIFF),
    (b"II+\0", SourceKind.TIFF),
    (b"MM\0+", SourceKind.TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", SourceKind.JP2),
)

_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive (DOCX, XLSX, ODT and EPUB are such archives)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"8BPS", "a Photoshop document"),
    (b"%!PS", "a PostScript document"),
    (b"\xc5\xd0\xd3\xc6", "a PostScript document"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\0\0\1\0", "a Windows icon"),
    (b"\xff\x4f\xff\x51", "a bare JPEG 2000 code stream"),
    (b"\xff\x0a", "a JPEG XL image"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL image"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document"),
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
)

_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def kind_of(head: bytes) -> SourceKind | None:
    """The kind that the first HEAD bytes of a file show; None when it is not read here."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return SourceKind.WEBP
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return SourceKind.BMP
    if _AVIF_BRANDS & set(_brands(head)):
        return SourceKind.AVIF
    if b"%PDF-" in head[:HEAD]:
        return SourceKind.PDF
    return None


def guess_of(head: bytes) -> str:
    """What a file that is not read here seems to be, with its article."""
    if _HEIF_BRANDS & set(_brands(head)):
        return "a HEIC image"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, name in _OTHERS:
        if head.startswith(start) or (start.startswith(b"<") and text.startswith(start)):
            return name
    return "of no known type"


def _brands(head: bytes) -> list[bytes]:
    """The brands of an ISO base media file (ISO/IEC 14496-12, 4.3), the major one first."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), len(head), 256)
    return [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]
