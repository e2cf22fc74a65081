"""Cut parts out of a document's pages, for exports that show them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.errors import PageUnreadable
from ocrchat.exports import Cutting, Picture
from ocrchat.imaging.scale import bgr_of
from ocrchat.imaging.turn import turned_back
from ocrchat.model import Box, Page, PageImage
from ocrchat.sources import OpenSource

_QUALITY = 85
"""Of a JPEG: no difference that a reader would see."""


def cutting_of(source: OpenSource) -> Cutting:
    """Cuts out of the pages that `source` shows; the last page is kept for the next cut.

    Gives None for a page that cannot be decoded any more and for a box outside of it.
    """
    latest: dict[int, PageImage | None] = {}

    def cut(page: Page, box: Box) -> Picture | None:
        if page.index not in latest:
            latest.clear()
            latest[page.index] = _upright(source, page)
        image = latest[page.index]
        return None if image is None else _cut(image, box)

    return cut


def _upright(source: OpenSource, page: Page) -> PageImage | None:
    try:
        image = source.page(page.index)
    except PageUnreadable:
        return None
    return turned_back(image, page.rotation) if page.rotation else image


def _cut(image: PageImage, box: Box) -> Picture | None:
    place = box.clipped(image.width, image.height)
    if not place.area:
        return None
    pixels = image.pixels[place.y0 : place.y1, place.x0 : place.x1]
    colours = bgr_of(np.ascontiguousarray(pixels)) if pixels.ndim == 3 else pixels
    drawn = _encoded(".png", colours, [])
    photo = _encoded(".jpg", colours, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    if len(drawn) <= len(photo):
        return Picture(drawn, "image/png", place.width, place.height)
    return Picture(photo, "image/jpeg", place.width, place.height)


def _encoded(ending: str, pixels: NDArray[np.uint8], wishes: list[int]) -> bytes:
    _, data = cv2.imencode(ending, pixels, wishes)
    return data.tobytes()
