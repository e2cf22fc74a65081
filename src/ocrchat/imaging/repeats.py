"""Tell rows of one mark, `*****` or `-----`, from lines of text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRIP_HEIGHT = 24
NEAREST, FARTHEST = 6, 48
"""Pixels from a mark to the next, in a strip of that height: half a letter to two."""
LIKE_ITSELF = 0.6
"""The correlation of a strip with itself, moved on by a mark: .73 to .93 for rows of a receipt's asterisks
and hyphens, at most .44 for text of 15 scripts, on scans and photos."""


def repeats_one_mark(strip: NDArray[np.uint8]) -> bool:
    """Whether a line, grey (STRIP_HEIGHT, w), looks the same when it is moved on by some pixels; 1 ms a line.

    What is the same all along, like the headline of Devanagari, counts for nothing.
    """
    line = strip.astype(np.float32)
    line -= line.mean(axis=1, keepdims=True)
    return any(
        _correlation(line[:, :-lag], line[:, lag:]) >= LIKE_ITSELF
        for lag in range(NEAREST, min(FARTHEST, line.shape[1] // 3) + 1)
    )


def _correlation(one: NDArray[np.float32], two: NDArray[np.float32]) -> float:
    one, two = one - one.mean(), two - two.mean()
    scale = float(np.sqrt((one * one).sum() * (two * two).sum()))
    return float((one * two).sum()) / scale if scale else 0.0
