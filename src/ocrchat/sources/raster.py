"""Open images with Pillow: one picture, or the frames of an animation.

A GIF of the format's first version (87a) knows no time: its pictures are all meant for one screen, at once.
Those that differ are one page, one below the other, so that none hides another; where that page would be
over a limit, each is a page, as in an animation.
"""

from __future__ import annotations

import hashlib
import itertools
import mmap
import os

from PIL import AvifImagePlugin, Image, ImageChops, ImageFile

from ocrchat.sources import headers
from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Picture, Refusal, Remark, Sketch
from ocrchat.sources.pixels import picture_of
from ocrchat.sources.sniff import SourceKind

FORMATS = {
    SourceKind.PNG: "PNG",
    SourceKind.JPEG: "JPEG",
    SourceKind.WEBP: "WEBP",
    SourceKind.GIF: "GIF",
    SourceKind.BMP: "BMP",
    SourceKind.TIFF: "TIFF",
    SourceKind.AVIF: "AVIF",
    SourceKind.JP2: "JPEG2000",
}
"""Pillow's one plugin for each kind; it is never left to guess."""

_ANIMATED = frozenset({SourceKind.GIF, SourceKind.WEBP, SourceKind.AVIF})
_RESUMABLE = frozenset({SourceKind.JPEG, SourceKind.GIF})
"""Kinds whose decoders give the upper part of a picture that was cut off."""

_LEAST = 0.1
"""Share of a picture that must be there for it to be worth reading."""

_MCU = 32
"""Rows that a JPEG is decoded by, at most: two blocks of 8, doubled where colour is subsampled."""

_LOOKED_AT = 4
"""Frames of an animation are compared until they have this many times the pixels of one page's limit."""

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the lock lets nobody start a thread
Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


def opened(file: int, kind: SourceKind, limits: Limits, *, thorough: bool = True) -> RasterDecoder:
    """The image open as descriptor `file`; raises Refusal.

    Without `thorough` only the first frame of an animation is looked at.
    """
    with mmap.mmap(file, 0, access=mmap.ACCESS_READ) as data:
        headers.check(kind, data, limits)
    image = opened_image(file, kind)
    headers.check_size(*image.size, limits)
    found: tuple[tuple[int, ...], tuple[Remark, ...]] = (0,), ()
    if kind in _ANIMATED:
        found = _frames(image, kind, limits, thorough)
    return RasterDecoder(file, kind, *found, limits, joined=_is_timeless(image, len(found[0]), limits))


def opened_image(file: int, kind: SourceKind) -> Image.Image:
    """The image with its header read and nothing decoded; raises Refusal."""
    os.lseek(file, 0, os.SEEK_SET)
    try:
        return Image.open(os.fdopen(os.dup(file), "rb"), formats=[FORMATS[kind]])
    except MemoryError:
        raise
    except Exception as error:  # Pillow's plugins raise whatever a broken header makes them stumble over
        raise Refusal("damaged") from error


def loaded(image: Image.Image, frame: int, limits: Limits) -> Image.Image:
    """The image with the pixels of one of its frames decoded; raises Refusal."""
    try:
        if image.tell() != frame:
            image.seek(frame)
        headers.check_size(*image.size, limits)
        image.load()
    except (MemoryError, Refusal):
        raise
    except Exception as error:  # as above
        raise Refusal("damaged") from error
    return image


def shown(image: Image.Image, frame: int, limits: Limits) -> Picture:
    """The picture of one frame of an image; raises Refusal."""
    image = loaded(image, frame, limits)
    try:
        return picture_of(image, limits)
    except MemoryError:
        raise
    except Exception as error:  # as above; a palette that is not there shows only now
        raise Refusal("damaged") from error


def differing_frames(
    image: Image.Image, at_most: int, limits: Limits
) -> tuple[tuple[int, ...], tuple[Remark, ...]]:
    """Indices of the frames that show what no frame before them showed, and what to say about the rest."""
    seen: dict[bytes, int] = {}
    most = max(2, _LOOKED_AT * limits.pixels // (image.width * image.height))
    for frame in itertools.count():
        try:
            loaded(image, frame, limits)
        except Refusal as refusal:
            if not seen:
                raise
            at_end = isinstance(refusal.__cause__, EOFError)
            return tuple(seen.values()), (() if at_end else (("frames-cut-off", {"frames": frame}),))
        digest = hashlib.blake2b(image.convert("RGBA").tobytes(), digest_size=16).digest()
        if frame == most or (digest not in seen and len(seen) == at_most):
            break
        seen.setdefault(digest, frame)
    return tuple(seen.values()), (_left_out(frame),)


def _frames(
    image: Image.Image, kind: SourceKind, limits: Limits, thorough: bool
) -> tuple[tuple[int, ...], tuple[Remark, ...]]:
    try:
        animated = image.is_animated  # type: ignore[attr-defined]  # of these plugins' images only
    except Exception:  # as above: the file breaks off within the second frame's head
        return (0,), (("frames-cut-off", {"frames": 1}),)
    if not animated:
        return (0,), ()
    if not thorough:
        return (0,), (_left_out(1),)
    return differing_frames(image, limits.gif_frames if kind is SourceKind.GIF else limits.frames, limits)


def _is_timeless(image: Image.Image, frames: int, limits: Limits) -> bool:
    """Whether the frames are to be one page, and fit on it."""
    high = image.height * frames
    fits = high <= limits.side and image.width * high <= limits.pixels
    return frames > 1 and image.info.get("version") == b"GIF87a" and fits


def _left_out(frames: int) -> Remark:
    return "frames-left-out", {"frames": frames}


class RasterDecoder:
    """An image file; its pages are the frames that differ, or all of them `joined` one page."""

    def __init__(
        self,
        file: int,
        kind: SourceKind,
        frames: tuple[int, ...],
        remarks: tuple[Remark, ...],
        limits: Limits,
        joined: bool,
    ) -> None:
        self._file, self._kind, self._frames, self._limits = file, kind, frames, limits
        self._image: Image.Image | None = None
        self._joined = joined
        self.page_count = 1 if joined else len(frames)
        if joined:
            remarks += (("frames-joined", {"frames": len(frames)}),)
        self.remarks: tuple[tuple[Remark, int | None], ...] = tuple((remark, None) for remark in remarks)

    def page(self, index: int) -> Picture:
        """Frame `index` of those that differ, or all of them."""
        image, self._image = self._image or opened_image(self._file, self._kind), None
        if self._joined:
            return picture_of(_column(image, self._frames, self._limits), self._limits)
        try:
            picture = shown(image, self._frames[index], self._limits)
        except Refusal:
            if self._kind not in _RESUMABLE or self.page_count > 1:
                raise
            return self._upper_part()
        self._image = image
        return picture

    def sketch(self, index: int) -> Sketch | None:
        """Pictures have no text of their own."""
        return None

    def _upper_part(self) -> Picture:
        """What is there of a picture that was cut off; the rest is white."""
        image = opened_image(self._file, self._kind)
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            loaded(image, 0, self._limits)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        picture, rows = _without_filling(image.convert("RGB"))
        if rows < _LEAST * image.height:
            raise Refusal("damaged")
        picture.info = image.info
        percent = min(99, round(100 * rows / image.height))
        return picture_of(picture, self._limits, (("image-cut-off", {"percent": percent}),))


def _column(image: Image.Image, frames: tuple[int, ...], limits: Limits) -> Image.Image:
    """Frames of an image, one below the other; raises Refusal."""
    column = Image.new("RGB", (image.width, image.height * len(frames)))
    for place, frame in enumerate(frames):
        column.paste(loaded(image, frame, limits).convert("RGB"), (0, place * image.height))
    return column


def _without_filling(picture: Image.Image) -> tuple[Image.Image, int]:
    """The picture with white for what its decoder did not get, and the rows that it got any of.

    Pillow leaves such pixels black, libjpeg fills them with medium grey.
    """
    last = picture.getpixel((picture.width - 1, picture.height - 1))
    if last not in ((0, 0, 0), (128, 128, 128)):
        return picture, picture.height
    differing = ImageChops.difference(picture, Image.new("RGB", picture.size, last))
    bounds = differing.getbbox()
    rows = bounds[3] if bounds else 0
    picture.paste("white", (0, rows, picture.width, picture.height))
    top = max(0, rows - _MCU)
    filled = differing.crop((0, top, picture.width, rows)).convert("L").point([255] + [0] * 255)
    picture.paste("white", (0, top, picture.width, rows), filled)
    return picture, rows
