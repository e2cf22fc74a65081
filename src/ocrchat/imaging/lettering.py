"""Tell pictures that cannot hold any text from those that somebody should read."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.ink import ink_mask

_LONG_SIDE = 1600
"""Larger pictures are looked at smaller: in them small letters are no part of the page."""
_LOW, _HIGH = 5, 400
"""Pixels that a letter is high at least and at most."""
_WIDEST = 20.0
"""Times its height that a mark is wide: a word whose letters hang together, no line."""
_LEAST_INK = 0.04
"""Share of its box that a letter fills at least; long curves do not."""
_LEAST_MARKS = 2


def may_have_letters(pixels: NDArray[np.uint8]) -> bool:
    """Whether some marks have the shape of letters or words, dark or light, upright or turned by a quarter.

    Grey (h, w) or RGB (h, w, 3). True for nearly every photo: what has no letters is told for certain only
    of shades, lines, plain areas and single shapes. Some 20 ms for a picture of half a page.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    if max(grey.shape) > _LONG_SIDE:
        scale = _LONG_SIDE / max(grey.shape)
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(grey, np.uint8)
    return _marks_in(ink_mask(grey)) + _marks_in(ink_mask(np.asarray(cv2.bitwise_not(grey), np.uint8))) > 0


def _marks_in(mask: NDArray[np.uint8]) -> int:
    """The number of marks like letters; 0 where they are so few that they are specks."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    area = stats[1:, cv2.CC_STAT_AREA]
    short, long = np.minimum(width, height), np.maximum(width, height)
    like = (
        (long >= _LOW) & (short <= _HIGH) & (long <= _WIDEST * short) & (area >= _LEAST_INK * width * height)
    )
    count = int(like.sum())
    return count if count >= _LEAST_MARKS else 0
