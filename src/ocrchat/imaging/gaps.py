"""See where along a line there is no ink."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Quad
from ocrchat.imaging.strips import strip

Pixels = NDArray[np.uint8]

STRIP_HEIGHT = 24
CONTRAST = 50
"""Levels by which ink differs from the paper of its line."""


def gaps_in(grey: Pixels, quad: Quad) -> Iterator[tuple[float, float]]:
    """(start, end) of each stretch of a line that has no ink, as shares (0 to 1) of its way.

    Margins at its ends are such stretches too. Some 0.2 ms.
    """
    ink = _columns_of_ink(strip(grey, quad, STRIP_HEIGHT))
    edges = np.flatnonzero(np.diff(np.concatenate([[True], ink, [True]]).astype(np.int8)))
    yield from zip((edges[::2] / len(ink)).tolist(), (edges[1::2] / len(ink)).tolist(), strict=True)


def _columns_of_ink(line: Pixels) -> NDArray[np.bool_]:
    """Which columns of a line have ink, dark or light; a speck of one pixel is none."""
    inner = line[STRIP_HEIGHT // 8 : -STRIP_HEIGHT // 8].astype(np.int16)
    return np.asarray((np.abs(inner - np.median(inner)) > CONTRAST).sum(axis=0) > 1)
