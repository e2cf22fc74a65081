"""Put pictures on the pages of a new PDF, with as little loss as can be."""

from __future__ import annotations

import mmap
import os
import re
import struct
import zlib
from io import BytesIO

import numpy as np
import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocrchat.sources import raster
from ocrchat.sources.picture import Decoder, Picture, Refusal
from ocrchat.sources.pixels import orientation_of
from ocrchat.sources.sniff import SourceKind
from ocrchat.sources.tiff import TiffDecoder

Matrix = tuple[float, float, float, float, float, float]

_LOSSY = frozenset({SourceKind.WEBP, SourceKind.AVIF, SourceKind.JP2})
_KEPT = frozenset({SourceKind.JPEG, SourceKind.PNG})
_MORE = 8_000
"""Bytes more that a lossy picture gets as it is packed anew, lest it lose again."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE = 256
_END_OF_JPEG, _SCAN = b"\xff\xd9", 0xDA
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""What ends a scan: a marker other than a restart's; within it, FF is followed by 0."""

_SHOWN: dict[int, Matrix] = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
"""Where the unit square of a stored picture goes for each EXIF orientation (TIFF 6.0, tag 274; y is up)."""

_TURNED: dict[int, Matrix] = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, 1, 0),
    180: (-1, 0, 0, -1, 1, 1),
    270: (0, -1, 1, 0, 0, 1),
}
"""Where the unit square of a shown page goes as so many degrees clockwise are undone."""


def drawing_of(
    pdf: pikepdf.Pdf, document: Decoder, index: int, kind: SourceKind, file: int, rotation: int
) -> tuple[pikepdf.Object, bytes]:
    """The picture of a page, and the operators that draw it into the unit square, upright.

    The bytes of a JPEG, and the data of most PNGs, are kept. Raises Refusal.
    """
    kept = _kept(pdf, kind, file) if kind in _KEPT else None
    if isinstance(document, TiffDecoder) and (image := document.bilevel(index)) is not None:
        kept = _kept_fax(pdf, image, file) or _fax(pdf, _whole(image)), 1
    if kept is not None:
        picture, orientation = kept
    else:
        lossy_bytes = os.fstat(file).st_size // max(1, document.page_count) if kind in _LOSSY else None
        picture, orientation = _packed(pdf, document.page(index), lossy_bytes), 1
    matrices = _TURNED[rotation], _SHOWN[orientation]
    steps = "".join(f"{' '.join(map(str, each))} cm\n" for each in matrices if each != _SHOWN[1])
    return picture, f"{steps}/Im0 Do\n".encode()


def _kept(pdf: pikepdf.Pdf, kind: SourceKind, file: int) -> tuple[pikepdf.Object, int] | None:
    """A file's own data as a picture, and its EXIF orientation; None where it has to be packed anew."""
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as data:
        whole = bytes(data)
    if kind is SourceKind.JPEG:
        return _kept_jpeg(pdf, whole, file)
    png = _kept_png(pdf, whole)
    return None if png is None else (png, 1)


def _kept_jpeg(pdf: pikepdf.Pdf, whole: bytes, file: int) -> tuple[pikepdf.Object, int] | None:
    """A JPEG as it is, without what cameras put behind it; None for one that is cut off, or that a viewer
    may show otherwise than we do.
    """
    end = _end_of_jpeg(whole)
    try:
        image = raster.opened_image(file, SourceKind.JPEG)
    except Refusal:
        return None
    spaces = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    if image.mode not in spaces or end is None:
        return None
    if image.mode == "RGB" and image.info.get("adobe_transform") == 0:
        return None  # viewers differ on JPEGs that hold RGB
    stream = _image(pdf, whole[:end], image.width, image.height, spaces[image.mode], Name.DCTDecode)
    if image.mode == "CMYK" and "adobe" in image.info:
        stream.Decode = Array([1, 0] * 4)
    return stream, orientation_of(image)


def _end_of_jpeg(data: bytes) -> int | None:
    """Where the picture's own end is, behind its EOI marker; None without one (ISO 10918-1, annex B)."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        is_scan = data[at + 1] == _SCAN
        at += 1 if data[at + 1] == 0xFF else 2 + length
        if is_scan:
            found = _MARKER.search(data, at)
            at = found.start() if found else len(data)
        if data[at : at + 2] == _END_OF_JPEG:
            return at + 2
    return None


def _kept_png(pdf: pikepdf.Pdf, data: bytes) -> pikepdf.Object | None:
    """A PNG's own data (PNG 3rd edition, 11.2), which PDF's predictors read; None where they would not.

    That is with interlacing, transparency, 16 bits, an EXIF block, or a chunk that is damaged.
    """
    chunks = dict[bytes, list[bytes]]()
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if zlib.crc32(name + body).to_bytes(4, "big") != data[at + 8 + length : at + 12 + length]:
            return None
        chunks.setdefault(name, []).append(body)
        at += 12 + length
    if b"IEND" not in chunks or not chunks.keys().isdisjoint((b"tRNS", b"eXIf", b"acTL")):
        return None
    width, height, depth, colours, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"][0])
    if colours not in (0, 2, 3) or depth > 8 or any(rest):
        return None
    space: pikepdf.Object = Name.DeviceRGB if colours == 2 else Name.DeviceGray
    if colours == 3:
        palette = chunks[b"PLTE"][0]
        space = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, pikepdf.String(palette)])
    return _png_image(pdf, b"".join(chunks[b"IDAT"]), (width, height), space, depth, 3 if colours == 2 else 1)


def _packed(pdf: pikepdf.Pdf, picture: Picture, lossy_bytes: int | None) -> pikepdf.Object:
    """Decoded pixels in the form that loses nothing and is smallest.

    What was lossy, and had `lossy_bytes`, becomes a JPEG 2000 that is a little larger.
    """
    data = b"".join(bytes(band) for band in picture.bands)
    mode = "L" if picture.channels == 1 else "RGB"
    image = Image.frombuffer(mode, (picture.width, picture.height), data)
    if mode == "L" and _is_black_and_white(data):
        return _fax(pdf, image.convert("1", dither=Image.Dither.NONE))
    if lossy_bytes is not None:
        return _as_jpeg_2000(pdf, image, lossy_bytes + _MORE)
    return _deflated(pdf, image)


def _as_jpeg_2000(pdf: pikepdf.Pdf, image: Image.Image, size: int) -> pikepdf.Object:
    """The picture in about so many bytes."""
    rate = max(1.0, image.width * image.height * len(image.getbands()) / size)
    space = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    with BytesIO() as out:
        image.save(out, "JPEG2000", quality_mode="rates", quality_layers=[rate], irreversible=True)
        return _image(pdf, out.getvalue(), image.width, image.height, space, Name.JPXDecode)


def _kept_fax(pdf: pikepdf.Pdf, image: Image.Image, file: int) -> pikepdf.Object | None:
    """A TIFF page's own CCITT G4 data (TIFF 6.0, section 11); None where it is in parts, or none."""
    tags = image.tag_v2  # type: ignore[attr-defined]  # of this plugin's images only
    starts, lengths = tags.get(273, ()), tags.get(279, ())
    if (tags.get(259), tags.get(266, 1), tags.get(293, 0), len(starts), len(lengths)) != (4, 1, 0, 1, 1):
        return None
    data = os.pread(file, lengths[0], starts[0])
    return _ccitt(pdf, data, image, white_is_zero=tags.get(262) == 0) if len(data) == lengths[0] else None


def _whole(image: Image.Image) -> Image.Image:
    try:
        return image.copy()
    except MemoryError:
        raise
    except Exception as error:  # Pillow raises whatever a broken file makes it stumble over
        raise Refusal("damaged") from error


def _is_black_and_white(data: bytes) -> bool:
    pixels = np.frombuffer(data, np.uint8)
    return not ((pixels != 0) & (pixels != 255)).any()


def _fax(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Object:
    """Black and white as CCITT G4."""
    with BytesIO() as out:
        image.save(out, "TIFF", compression="group4", tiffinfo={278: image.height})
        data = out.getvalue()
        tags = Image.open(out, formats=["TIFF"]).tag_v2  # type: ignore[attr-defined]
        start, length = tags[273][0], tags[279][0]
    return _ccitt(pdf, data[start : start + length], image, white_is_zero=False)


def _ccitt(pdf: pikepdf.Pdf, data: bytes, image: Image.Image, *, white_is_zero: bool) -> pikepdf.Object:
    stream = _image(pdf, data, image.width, image.height, Name.DeviceGray, Name.CCITTFaxDecode)
    stream.BitsPerComponent = 1
    stream.DecodeParms = Dictionary(
        K=-1, Columns=image.width, Rows=image.height, BlackIs1=not white_is_zero, EndOfBlock=False
    )
    return stream


def _deflated(pdf: pikepdf.Pdf, image: Image.Image) -> pikepdf.Object:
    """The pixels as PNG packs them; up to 256 colours as a palette."""
    space: pikepdf.Object = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB
    colours = image.getcolors(_PALETTE) if image.mode == "RGB" else None
    if colours:
        image, palette = _with_palette(image, [colour for _, colour in colours])
        space = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, pikepdf.String(palette)])
    with BytesIO() as out:
        image.save(out, "PNG", compress_level=6)
        data = _png_data(out.getvalue())
    return _png_image(pdf, data, image.size, space, 8, 3 if image.mode == "RGB" else 1)


def _png_image(
    pdf: pikepdf.Pdf, data: bytes, size: tuple[int, int], space: pikepdf.Object, depth: int, channels: int
) -> pikepdf.Object:
    stream = _image(pdf, data, *size, space, Name.FlateDecode)
    stream.BitsPerComponent = depth
    stream.DecodeParms = Dictionary(Predictor=15, Colors=channels, BitsPerComponent=depth, Columns=size[0])
    return stream


def _with_palette(image: Image.Image, colours: list[object]) -> tuple[Image.Image, bytes]:
    """The image as places in a palette, grey (h, w), and the palette's bytes."""
    table = np.array(colours, np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    table.sort()
    pixels = np.asarray(image).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    places = np.searchsorted(table, pixels).astype(np.uint8)
    palette = np.stack([table >> 16, table >> 8 & 255, table & 255], axis=1).astype(np.uint8).tobytes()
    return Image.fromarray(places), palette


def _png_data(png: bytes) -> bytes:
    """The data of a PNG's IDAT chunks."""
    data, at = [], 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data.append(png[at + 8 : at + 8 + length])
        at += 12 + length
    return b"".join(data)


def _image(
    pdf: pikepdf.Pdf, data: bytes, width: int, height: int, space: pikepdf.Object, coding: pikepdf.Object
) -> pikepdf.Object:
    if not data:
        raise Refusal("damaged")
    stream = pikepdf.Stream(pdf, data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = width, height, 8
    stream.ColorSpace, stream.Filter = space, coding
    return pdf.make_indirect(stream)
