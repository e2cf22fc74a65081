"""Tell which images of a PDF page its reader sees as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ocrchat.model import Box, Picture, TextLayer

LEAST_AREA, LEAST_SIDE = 0.005, 0.03
"""Shares of the page and of its width from which an image is more than an icon."""
MOST_AREA = 0.85
"""The share of the page from which an image is the scanned page, or what the page is printed on."""
MOST_OBLONG = 12.0
"""Times the shorter side: longer ones are rules and borders."""
LEAST_PIXELS = 2_500
"""Pixels of its own: those with fewer are plain colours, shades and dots."""
TOUCHING = 3
"""Pixels between the sides of two tiles of one image."""


def pictures_of_layer(layer: TextLayer) -> tuple[Box, ...]:
    """Where the page's pictures stand; tiles of one image and those that overlap are one, in no order.

    A millisecond for 500 images, the most that a layer has.
    """
    page = layer.width * layer.height
    places = [each.box.clipped(layer.width, layer.height).area for each in layer.pictures]
    seen = [p for p, area in zip(layer.pictures, places, strict=True) if 0 < area <= MOST_AREA * page]
    found = []
    for tiles in _tiled(seen):
        box = Box.around(each.box for each in tiles).clipped(layer.width, layer.height)
        pixels = sum(each.width * each.height for each in tiles)
        if pixels >= LEAST_PIXELS and _is_shown(box, page, layer.width):
            found.append(box)
    return tuple(found)


def _is_shown(box: Box, page: int, width: int) -> bool:
    short, long = sorted((box.width, box.height))
    is_large = box.area >= LEAST_AREA * page and short >= LEAST_SIDE * width
    return is_large and box.area <= MOST_AREA * page and long <= MOST_OBLONG * short


def _tiled(pictures: Sequence[Picture]) -> Iterator[list[Picture]]:
    """The pictures in groups: those that overlap, or stand side by side between the same edges."""
    if not pictures:
        return
    sides = np.array([(p.box.x0, p.box.y0, p.box.x1, p.box.y1) for p in pictures], np.int64)
    joined = _are_joined(sides)
    left = set(range(len(pictures)))
    while left:
        stack, group = [left.pop()], []
        while stack:
            one = stack.pop()
            group.append(pictures[one])
            near = left.intersection(np.flatnonzero(joined[one]).tolist())
            left -= near
            stack.extend(near)
        yield group


def _are_joined(sides: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of n rectangles belong together, bool (n, n)."""
    x0, y0, x1, y1 = (sides[:, side, None] for side in range(4))
    u0, v0, u1, v1 = x0.T, y0.T, x1.T, y1.T
    across = np.minimum(x1, u1) - np.maximum(x0, u0)
    down = np.minimum(y1, v1) - np.maximum(y0, v0)
    same_columns = (abs(x0 - u0) <= TOUCHING) & (abs(x1 - u1) <= TOUCHING)
    same_rows = (abs(y0 - v0) <= TOUCHING) & (abs(y1 - v1) <= TOUCHING)
    beside = (same_columns & (down >= -TOUCHING)) | (same_rows & (across >= -TOUCHING))
    return np.asarray(beside | ((across > TOUCHING) & (down > TOUCHING)))
