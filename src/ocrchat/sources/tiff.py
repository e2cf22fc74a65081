"""Open TIFF files: every image of the chain of directories."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Picture, Refusal, Remark
from ocrchat.sources.pixels import picture_of
from ocrchat.sources.raster import check_size, loaded, opened_image
from ocrchat.sources.sniff import SourceKind


@dataclass(frozen=True, slots=True)
class Chain:
    """The directories of a TIFF: their offsets, and whether the chain ends as it should."""

    offsets: tuple[int, ...]
    cut: bool = False
    loops: bool = False


def chain_of(file: int, most: int) -> Chain:
    """Follow the chain of directories, at most `most` + 1 of them (TIFF 6.0, section 2; BigTIFF)."""
    size = os.fstat(file).st_size
    head = os.pread(file, 16, 0)
    order = "little" if head[:2] == b"II" else "big"
    big = 43 in head[2:4]
    wide = 8 if big else 4

    def number(data: bytes) -> int:
        return int.from_bytes(data, order)  # type: ignore[arg-type]

    counter, entry = (8, 20) if big else (2, 12)
    offset = number(head[8:16] if big else head[4:8])
    offsets: list[int] = []
    while offset and len(offsets) <= most:
        if offset in offsets[-64:] or offset in set(offsets):
            return Chain(tuple(offsets), loops=True)
        count = os.pread(file, counter, offset) if offset < size else b""
        link = offset + counter + number(count) * entry
        if len(count) < counter or not number(count) or link > size:
            return Chain(tuple(offsets), cut=True)
        offsets.append(offset)
        following = os.pread(file, wide, link)
        if len(following) < wide:
            return Chain(tuple(offsets), cut=True)
        offset = number(following)
    return Chain(tuple(offsets))


def opened(file: int, limits: Limits) -> TiffDecoder:
    """The TIFF open as descriptor `file`; raises Refusal."""
    chain = chain_of(file, limits.pages)
    if len(chain.offsets) > limits.pages:
        raise Refusal("over-limit", limit="pages", figure=len(chain.offsets))
    if not chain.offsets:
        raise Refusal("damaged")
    return TiffDecoder(file, chain, limits)


class TiffDecoder:
    """A TIFF file with one page a directory."""

    def __init__(self, file: int, chain: Chain, limits: Limits) -> None:
        self._image = opened_image(file, SourceKind.TIFF)
        self._limits = limits
        self.page_count = len(chain.offsets)
        if self.page_count == 1:
            check_size(*self._image.size, limits)
        code = "pages-cut-off" if chain.cut else "pages-in-a-loop" if chain.loops else None
        self.remarks: tuple[tuple[Remark, int | None], ...] = (
            (((code, {"pages": self.page_count}), None),) if code else ()
        )

    def page(self, index: int) -> Picture:
        """The image of directory `index`."""
        try:
            self._image.seek(index)
        except MemoryError:
            raise
        except Exception as error:  # a broken directory makes Pillow stumble in many ways
            raise Refusal("damaged") from error
        check_size(*self._image.size, self._limits)
        return picture_of(loaded(self._image))
