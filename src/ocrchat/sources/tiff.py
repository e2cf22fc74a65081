"""Open TIFF files: every image of the chain of directories."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from PIL import Image

from ocrchat.sources.headers import check_size
from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Picture, Refusal, Remark, Sketch
from ocrchat.sources.pixels import dpi_of, orientation_of
from ocrchat.sources.raster import opened_image, shown
from ocrchat.sources.sniff import SourceKind


@dataclass(frozen=True, slots=True)
class Chain:
    """The directories of a TIFF in their order, and what is wrong at the end of the chain, if anything."""

    offsets: tuple[int, ...]
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Layout:
    """Byte order and field widths of a TIFF: `counter` bytes count a directory's entries."""

    order: Literal["little", "big"]
    offset: int
    counter: int
    entry: int

    def number(self, data: bytes) -> int:
        return int.from_bytes(data, self.order)


def chain_of(file: int, most: int) -> Chain:
    """Follow the chain of directories, at most `most` + 1 of them (TIFF 6.0, section 2; BigTIFF).

    Pillow ends a chain silently where the file was cut; here that is a fault, `pages-cut-off`.
    """
    head = os.pread(file, 16, 0)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    layout = _Layout(order, 8, 8, 20) if 43 in head[2:4] else _Layout(order, 4, 2, 12)
    at = layout.number(head[8:16] if layout.offset == 8 else head[4:8])
    offsets: dict[int, None] = {}
    while at and len(offsets) <= most:
        if at in offsets:
            return Chain(tuple(offsets), "pages-in-a-loop")
        following = _next(file, at, layout)
        if following is None:
            return Chain(tuple(offsets), "pages-cut-off")
        offsets[at] = None
        at = following
    return Chain(tuple(offsets))


def _next(file: int, at: int, layout: _Layout) -> int | None:
    """Where the directory after the one at `at` stands, 0 for none; None where that at `at` is not whole."""
    size = os.fstat(file).st_size
    entries = layout.number(os.pread(file, layout.counter, at)) if at < size else 0
    link = at + layout.counter + entries * layout.entry
    if not entries or link + layout.offset > size:
        return None
    return layout.number(os.pread(file, layout.offset, link))


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
        self._file, self._limits = file, limits
        self._image: Image.Image | None = opened_image(file, SourceKind.TIFF)
        self.page_count = len(chain.offsets)
        if self.page_count == 1:
            check_size(*self._image.size, limits)
        self.remarks: tuple[tuple[Remark, int | None], ...] = ()
        if chain.fault:
            self.remarks = (((chain.fault, {"pages": self.page_count}), None),)

    def bilevel(self, index: int) -> Image.Image | None:
        """The image of directory `index`, not decoded, where that is black and white and upright.

        None for any other; raises Refusal.
        """
        image, self._image = self._image or opened_image(self._file, SourceKind.TIFF), None
        try:
            image.seek(index)
            across, down = dpi_of(image)
            is_plain = image.mode == "1" and orientation_of(image) == 1 and across == down
        except Exception as error:  # Pillow raises whatever a broken directory makes it stumble over
            raise Refusal("damaged") from error
        self._image = image
        return image if is_plain else None

    def page(self, index: int) -> Picture:
        """The image of directory `index`."""
        image, self._image = self._image or opened_image(self._file, SourceKind.TIFF), None
        picture = shown(image, index, self._limits)
        self._image = image
        return picture

    def sketch(self, index: int) -> Sketch | None:
        """Pictures have no text of their own."""
        return None
