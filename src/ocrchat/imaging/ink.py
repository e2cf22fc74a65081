"""Tell ink from paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def paper_of(grey: Pixels) -> int:
    """The level of the background of a line, 0 to 255: what most of its pixels are near."""
    return int(np.median(grey))


def is_light_on_dark(grey: Pixels) -> bool:
    """Whether a line's letters are lighter than what they stand on.

    Most pixels of a line are background, so its median lies near the background's end of the range.
    """
    low, middle, high = (float(v) for v in np.percentile(grey[::2, ::2], (3, 50, 97)))
    return high - middle > 1.4 * (middle - low)


def dark_on_light(grey: Pixels) -> Pixels:
    """The line with dark letters: itself, or its negative."""
    return np.asarray(cv2.bitwise_not(grey), np.uint8) if is_light_on_dark(grey) else grey
