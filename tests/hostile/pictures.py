"""Images that are broken or mean harm, made in code, each a few hundred bytes of it."""

import io
import struct
import zlib
from collections.abc import Iterable

from PIL import Image, ImageDraw

PNG = b"\x89PNG\r\n\x1a\n"


def page(mode: str = "RGB", size: tuple[int, int] = (160, 120)) -> Image.Image:
    """An honest little page."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for row in range(8, size[1] - 8, 12):
        draw.rectangle((8, row, size[0] - 8 - row % 40, row + 5), fill="black")
    return image.convert(mode)


def saved(format_: str, image: Image.Image | None = None, **how: object) -> bytes:
    out = io.BytesIO()
    (image or page()).save(out, format_, **how)  # type: ignore[arg-type]
    return out.getvalue()


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def replaced(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


# PNG


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int = 64,
    height: int = 64,
    depth: int = 8,
    colour: int = 0,
    pixels: bytes | None = None,
    extra: Iterable[bytes] = (),
) -> bytes:
    """A grey PNG; `extra` chunks stand before the pixels."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(bytes((1 + 64) * 64)) if pixels is None else pixels
    return PNG + chunk(b"IHDR", header) + b"".join(extra) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    return chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(96 << 20)))


def profile_bomb() -> bytes:
    return chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(96 << 20)))


def apng(frames: int, claimed: int | None = None) -> bytes:
    control = chunk(b"acTL", struct.pack(">II", claimed or frames, 0))
    first = chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 10, 0, 0))
    later = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", 2 * i + 1, 64, 64, 0, 0, 1, 10, 0, 0))
        + chunk(b"fdAT", struct.pack(">I", 2 * i + 2) + zlib.compress(bytes([0] + [i % 255] * 64) * 64))
        for i in range(frames - 1)
    )
    whole = png(extra=(control, first))
    return whole[:-12] + later + chunk(b"IEND", b"")


# JPEG


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(*segments: bytes) -> bytes:
    """A JPEG with more segments at its front."""
    data = saved("JPEG")
    return data[:2] + b"".join(segments) + data[2:]


def jpeg_that_says(width: int, height: int) -> bytes:
    data = saved("JPEG")
    return replaced(data, data.index(b"\xff\xc0") + 5, struct.pack(">HH", height, width))


def jpeg_of_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again; each costs a pass over the picture."""
    data = saved("JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + b"\xff\xd9"


def odd_exif() -> bytes:
    """EXIF whose directory points to itself and whose orientation is 99."""
    entry = struct.pack("<HHII", 0x0112, 3, 1, 99) + struct.pack("<HHII", 0x8769, 4, 1, 8)
    return b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + entry + struct.pack("<I", 8)


# GIF


def gif(width: int, height: int, frames: Iterable[bytes]) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    return head + b"".join(frames) + b";"


def gif_frame(width: int = 1, height: int = 1, codes: bytes = b"\x02\x02\x44\x01\0") -> bytes:
    """One frame; the default codes are a single pixel of colour 0."""
    return b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + codes


def gif_of_pages(count: int) -> bytes:
    pages = [Image.new("L", (24, 8), 0) for _ in range(count)]
    for number, each in enumerate(pages):
        for bit in range(12):
            each.paste(255 * (number >> bit & 1), (2 * bit, 0, 2 * bit + 2, 8))
    return saved("GIF", pages[0], save_all=True, append_images=pages[1:], duration=50)


# BMP


def bmp(
    width: int, height: int, bits: int = 24, compression: int = 0, offset: int = 54, body: bytes = b""
) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(body), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(body), 0, 0, offset) + header + body


# TIFF


def tiff(
    directories: list[dict[int, tuple[int, int]]], links: list[int] | None = None, tail: bytes = b""
) -> bytes:
    """A little-endian TIFF of directories of {tag: (type, value)}; `links` are the numbers of the next ones.

    -1 ends the chain, a number out of range points beyond the file. Pixels lie at offset 8, 64 bytes.
    """
    at, places, out = 8 + 64, [], bytearray()
    for entries in directories:
        places.append(at)
        at += 2 + 12 * len(entries) + 4
    for number, entries in enumerate(directories):
        following = (links or [*range(1, len(directories)), -1])[number]
        link = 0 if following < 0 else places[following] if following < len(places) else at + 10_000
        out += struct.pack("<H", len(entries))
        out += b"".join(
            struct.pack("<HHII", tag, kind, 1, value) for tag, (kind, value) in sorted(entries.items())
        )
        out += struct.pack("<I", link)
    return b"II*\0" + struct.pack("<I", places[0] if places else 0) + bytes(range(64)) + bytes(out) + tail


def tiff_page(**changes: tuple[int, int]) -> dict[int, tuple[int, int]]:
    """A directory of an 8 by 8 grey picture; `t256=(4, 9)` changes tag 256."""
    entries = {
        256: (4, 8),
        257: (4, 8),
        258: (3, 8),
        259: (3, 1),
        262: (3, 1),
        273: (4, 8),
        277: (3, 1),
        278: (4, 8),
    }
    entries[279] = (4, 64)
    return entries | {int(tag[1:]): value for tag, value in changes.items()}


def tiff_of_pages(count: int) -> bytes:
    return tiff([tiff_page()] * count)


def bigtiff_loop() -> bytes:
    body = struct.pack("<Q", 1) + struct.pack("<HHQQ", 256, 4, 1, 8) + struct.pack("<Q", 16)
    return b"II+\0" + struct.pack("<HHQ", 8, 0, 16) + body


# WEBP, AVIF, JPEG 2000


def riff(*chunks: tuple[bytes, bytes], size: int | None = None) -> bytes:
    body = b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4 if size is None else size) + b"WEBP" + body


def vp8l(width: int, height: int) -> bytes:
    return (
        b"\x2f" + struct.pack("<I", width - 1 | (height - 1) << 14) + b"\x10\x07\x10\x11\x11\x88\x88\xfe\x07"
    )


def vp8x(width: int, height: int, flags: int = 0) -> bytes:
    return struct.pack("<I", flags) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]


def jp2_that_says(width: int, height: int) -> bytes:
    data = saved("JPEG2000")
    for mark, skip in ((b"ihdr", 4), (b"\xff\x51", 6)):
        at = data.index(mark) + skip
        order = (height, width) if mark == b"ihdr" else (width, height)
        data = replaced(data, at, struct.pack(">II", *order))
    return data
