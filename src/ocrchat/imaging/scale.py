"""Bring pages to the size and colours that a model wants."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def grey_of(pixels: Pixels) -> Pixels:
    """(h, w) from (h, w) or RGB (h, w, 3); the same array when it is grey already."""
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def bgr_of(pixels: Pixels) -> Pixels:
    """(h, w, 3) in the order blue, green, red from grey or RGB."""
    code = cv2.COLOR_GRAY2BGR if pixels.ndim == 2 else cv2.COLOR_RGB2BGR
    return np.asarray(cv2.cvtColor(pixels, code), np.uint8)


def fitted(pixels: Pixels, long_side: int, most: float = 1.0, step: int = 32) -> Pixels:
    """The page resized so that its longer side is about `long_side`, both sides multiples of `step`.

    Enlarged by at most `most`. The two sides' scales differ by up to half a step; a place is carried
    back by the ratio of sizes of each side.
    """
    height, width = pixels.shape[:2]
    scale = min(most, long_side / max(height, width))
    size = tuple(max(2 * step, round(side * scale / step) * step) for side in (width, height))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)
