"""Tell rows of one mark, `*****` or `-----`, from lines of text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STRIP_HEIGHT = 24
NEAREST, FARTHEST = 6, 48
"""Pixels from a mark to the next, in a strip of that height: half a letter to two."""
FEWEST = 5
"""Marks of a row at least: words such as "habibi" and "Barbara" say a syllable twice or three times."""
LIKE_ITSELF = 0.6
"""The correlation of a strip with itself, moved on by a mark: .73 to .93 for rows of a receipt's asterisks
and hyphens, at most .44 for text of 15 scripts, on scans and photos."""

FLAT = 1e-6
"""Variance of grey levels below which a strip is even."""


def repeats_one_mark(strip: NDArray[np.uint8]) -> bool:
    """Whether a line, grey (STRIP_HEIGHT, w), looks the same when it is moved on by some pixels; takes .4 ms.

    What is the same all along, like the headline of Devanagari, counts for nothing.
    """
    line = strip.astype(np.float64)
    line -= line.mean(axis=1, keepdims=True)
    lags = np.arange(NEAREST, min(FARTHEST, line.shape[1] // FEWEST) + 1)
    return bool((_correlations(line, lags) >= LIKE_ITSELF).any())


def _correlations(line: NDArray[np.float64], lags: NDArray[np.int_]) -> NDArray[np.float64]:
    """Pearson's, between the line without its last `lag` columns and without its first; 0 where one is even.

    The sums of products for all lags come from one power spectrum (Wiener-Khinchin), the others are running.
    """
    height, width = line.shape
    spectrum = np.abs(np.fft.rfft(line, 2 * width, axis=1)) ** 2
    products = np.fft.irfft(spectrum.sum(axis=0), 2 * width)[lags]
    sums, squares = np.cumsum(line.sum(axis=0)), np.cumsum((line * line).sum(axis=0))
    count, last = height * (width - lags), width - lags - 1
    before, after = sums[last], sums[-1] - sums[lags - 1]
    spread_before = squares[last] - before**2 / count
    spread_after = squares[-1] - squares[lags - 1] - after**2 / count
    scale = np.sqrt(np.maximum(spread_before * spread_after, 0.0))
    found = np.zeros(lags.size)
    np.divide(products - before * after / count, scale, out=found, where=scale > FLAT * count)
    return found
