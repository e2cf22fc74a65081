"""Put a PDF page's words and marks into the pixels of its picture, ready for the wire (inside the lock)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw
from numpy.typing import NDArray

from ocrchat.sources import pdfium_calls as pdfium
from ocrchat.sources.limits import Limits
from ocrchat.sources.pdf_annotations import annotations_of
from ocrchat.sources.pdf_marks import marks_of
from ocrchat.sources.pdf_space import Rect
from ocrchat.sources.pdf_words import PdfWords, words_of
from ocrchat.sources.picture import Refusal, Sketch

_LARGEST = 1e6
"""Pixels from the origin beyond which no place is told."""
_COVERING = 1_000
"""Opaque areas that words are held against, at most."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The way from points (y up, as the file turns the page) to pixels of the upright picture (y down)."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int
    across: float
    down: float

    def boxes(self, rects: NDArray[np.float32]) -> NDArray[np.float32]:
        """Rectangles, shape (n, 4), turned and scaled; nothing of them lies absurdly far away."""
        if not len(rects):
            return rects
        one, other = self.points(rects[:, :2]), self.points(rects[:, 2:])
        return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)

    def points(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points, shape (n, 2), turned and scaled."""
        x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
        turned = {
            0: (x - self.left, self.top - y),
            1: (y - self.bottom, x - self.left),
            2: (self.right - x, y - self.bottom),
            3: (self.top - y, self.right - x),
        }[self.quarters]
        placed = np.stack([turned[0] * self.across, turned[1] * self.down], axis=1)
        return np.nan_to_num(placed, nan=_LARGEST).clip(-_LARGEST, _LARGEST).astype(np.float32)


def placement_of(page: pypdfium2.PdfPage, width: int, height: int) -> Placement:
    """How a page comes onto a picture of that many pixels."""
    box = pypdfium2.raw.FS_RECTF()
    if not pypdfium2.raw.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box)):
        raise Refusal("damaged")
    points_wide, points_high = page.get_size()
    quarters = page.get_rotation() // 90 % 4
    return Placement(
        min(box.left, box.right),
        min(box.bottom, box.top),
        max(box.left, box.right),
        max(box.bottom, box.top),
        quarters,
        width / points_wide,
        height / points_high,
    )


def sketch_of(
    document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, width: int, height: int, limits: Limits
) -> Sketch:
    """What the page says of its text, placed on its picture of `width` by `height`; raises Refusal."""
    placement = placement_of(page, width, height)
    text_page = page.get_textpage()
    try:
        words = words_of(pdfium.handle_of(text_page), limits.characters)
    finally:
        text_page.close()
    marks = marks_of(pdfium.handle_of(page))
    notes = annotations_of(document, page)
    covered = _covered(words, marks.covers, marks.order)
    strings = words.text + "".join(text for _, text in (*notes.links, *notes.fields))
    pictures = placement.boxes(_rects([each.rect for each in marks.pictures]))
    told = placement.boxes(_rects([rect for rect, _ in (*notes.links, *notes.fields)])).tolist()
    lengths = [len(text) for _, text in (*notes.links, *notes.fields)]
    placed = [[*(round(side) for side in box), length] for box, length in zip(told, lengths, strict=True)]
    drawn = [placement.boxes(_rects(rects)) for rects in (marks.rules, marks.grounds, marks.shapes)]
    head = {
        "characters": len(words.text),
        "strings": len(strings),
        "words": len(words.spans),
        "styles": [
            (round(size * placement.down, 1), round((90 * placement.quarters - angle) % 360, 1), flags)
            for size, angle, flags in words.style_rows
        ],
        "rules": len(drawn[0]),
        "grounds": len(drawn[1]),
        "shapes": len(drawn[2]),
        "pictures": [
            [*(round(side) for side in box), each.width, each.height, each.digest]
            for box, each in zip(pictures.tolist(), marks.pictures, strict=True)
        ],
        "links": placed[: len(notes.links)],
        "fields": placed[len(notes.links) :],
    }
    ends = [placement.points(words.ends[:, :2]), placement.points(words.ends[:, 2:])]
    arrays = (
        np.frombuffer(strings.encode("utf-32-le", "replace"), np.uint32),
        words.spans,
        placement.boxes(words.boxes),
        np.concatenate(ends, axis=1),
        words.styles,
        words.unmapped,
        covered.astype(np.int32),
        *drawn,
    )
    return Sketch(head, b"".join(array.tobytes() for array in arrays))


def _rects(rects: Sequence[Rect]) -> NDArray[np.float32]:
    return np.array(rects, np.float32).reshape(len(rects), 4)


def _covered(words: PdfWords, covers: Sequence[tuple[Rect, int]], order: dict[int, int]) -> NDArray[np.bool_]:
    """Which words something opaque was painted over; their text a reader does not see."""
    covered = np.zeros(len(words.spans), np.bool_)
    if not len(covered) or not covers:
        return covered
    painted = np.array([order.get(each, 1 << 30) for each in words.objects])
    middles = (words.boxes[:, :2] + words.boxes[:, 2:]) / 2
    earliest = int(painted.min())
    for (left, bottom, right, top), place in [each for each in covers if each[1] > earliest][-_COVERING:]:
        x, y = middles[:, 0], middles[:, 1]
        covered |= (painted < place) & (x > left) & (x < right) & (y > bottom) & (y < top)
    return covered
