"""Open images: PNG, JPEG, WEBP, GIF, BMP, AVIF, JPEG 2000."""

from __future__ import annotations

import os

from PIL import AvifImagePlugin, Image, ImageFile

from ocrchat.sources.limits import Limits
from ocrchat.sources.picture import Picture, Refusal, Remark
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

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # the lock lets nobody start a thread
Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded


def opened(file: int, kind: SourceKind, limits: Limits) -> RasterDecoder:
    """The image open as descriptor `file`; raises Refusal."""
    image = opened_image(file, kind)
    check_size(*image.size, limits)
    return RasterDecoder(image)


def opened_image(file: int, kind: SourceKind) -> Image.Image:
    """The image with its header read and nothing decoded; raises Refusal."""
    try:
        return Image.open(os.fdopen(os.dup(file), "rb"), formats=[FORMATS[kind]])
    except MemoryError:
        raise
    except Exception as error:  # Pillow's plugins raise whatever a broken header makes them stumble over
        raise Refusal("damaged") from error


def check_size(width: int, height: int, limits: Limits) -> None:
    """Raise Refusal where a page is larger than allowed, or has no pixels."""
    if width < 1 or height < 1:
        raise Refusal("damaged")
    if width * height > limits.pixels:
        raise Refusal("over-limit", limit="pixels", figure=width * height)
    if max(width, height) > limits.side:
        raise Refusal("over-limit", limit="side", figure=max(width, height))


def loaded(image: Image.Image) -> Image.Image:
    """The image with its pixels decoded; raises Refusal."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise Refusal("damaged") from error
    return image


class RasterDecoder:
    """A file that holds one image."""

    remarks: tuple[tuple[Remark, int | None], ...] = ()
    page_count = 1

    def __init__(self, image: Image.Image) -> None:
        self._image = image

    def page(self, index: int) -> Picture:
        """The image."""
        return picture_of(loaded(self._image))
