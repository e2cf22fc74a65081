"""Read from image headers what must be known before a decoder may start."""

from __future__ import annotations

import mmap
from collections.abc import Iterator

from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Refusal
from ocrchat.sources.sniff import SourceKind

_SCAN = b"\xff\xda"
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})


def check(kind: SourceKind, data: mmap.mmap, limits: Limits) -> None:
    """Raise Refusal for a file whose decoder would suffer from merely being started on it."""
    if kind is SourceKind.WEBP:
        check_size(*canvas_of_webp(data[:30]), limits)
    if kind is SourceKind.JPEG:
        scans = scans_of_jpeg(data, limits.jpeg_scans)
        if scans > limits.jpeg_scans:
            raise Refusal("over-limit", limit="jpeg_scans", figure=scans)


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raise Refusal where a page is larger than allowed, or has no pixels."""
    if width < 1 or height < 1:
        raise Refusal("damaged")
    if width * height > limits.pixels:
        raise Refusal("over-limit", limit="pixels", figure=width * height)
    if max(width, height) > limits.side:
        raise Refusal("over-limit", limit="side", figure=max(width, height))


def canvas_of_webp(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas (RFC 9649, 2.5 to 2.7); its decoder allocates it when it is opened.

    Raises Refusal for a header that has none.
    """
    kind = head[12:16]
    if kind == b"VP8X" and len(head) >= 30:
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L" and len(head) >= 25 and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and len(head) >= 30:
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    raise Refusal("damaged")


def scans_of_jpeg(data: mmap.mmap, most: int) -> int:
    """Scans of a JPEG, counted up to `most` + 1 (ITU T.81, B.2); decoding takes time for each.

    Within a scan 0xFF is always escaped, so what looks like another scan's start is one, or stands in a
    segment between scans, where no honest file repeats it.
    """
    at = data.find(_SCAN, _first_scan(data))
    count = 0
    while at >= 0 and count <= most:
        count += 1
        at = data.find(_SCAN, at + 2)
    return count


def _first_scan(data: mmap.mmap) -> int:
    """Where the first scan begins, thumbnails and comments before it passed over; else the end."""
    for place, marker in _segments(data):
        if marker == _SCAN[1]:
            return place
    return len(data)


def _segments(data: mmap.mmap) -> Iterator[tuple[int, int]]:
    place = 2
    while 0 <= (place := data.find(b"\xff", place)) < len(data) - 3:
        marker = data[place + 1]
        yield place, marker
        if marker in _BARE_MARKERS or marker in (0x00, 0xFF):
            place += 1
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
