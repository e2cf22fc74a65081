"""Cut lines as Tesseract reads them best, script by script."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.engines.cpu.line_reader import Pixels
from ocrchat.imaging.ink import dark_on_light, paper_of
from ocrchat.imaging.quads import Quad, size_of
from ocrchat.imaging.strips import strip

SINGLE_LINE = 7
RAW_LINE = 13
"""Tesseract's page segmentation modes."""
LOWEST, HIGHEST = 40, 72
"""Pixels of a strip that is as high as on the page."""
REACH = 0.25
"""How far above and below a line, in shares of its height, is looked for what belongs to it."""
FAINTEST = 0.4
"""Share of the way from paper to the darkest ink from which a pixel is ink."""
DENSE = 0.4
"""Share of the usual ink of a line's rows from which a row goes through letters."""
SPECK = 6
"""Pixels; a smaller mark does not make a line higher."""


@dataclass(frozen=True, slots=True)
class StripSettings:
    """How a script's strips are cut: height (0: as on the page) and margin in pixels, Tesseract's mode.

    Widths are multiplied by `squeeze`, which time is proportional to. The box grows by the share
    `taller`, or, with `alone`, to hold its own letters whole, and its neighbours' are wiped out.
    """

    height: int = 40
    margin: int = 8
    mode: int = SINGLE_LINE
    taller: float = 0.0
    squeeze: float = 1.0
    alone: bool = False

    @property
    def otherwise(self) -> StripSettings:
        """The other mode's settings, for lines in doubt."""
        other = _LINE if self.mode == RAW_LINE else _RAW
        return replace(self, mode=other.mode, margin=other.margin) if self.alone else other


_LINE = StripSettings()
_RAW = StripSettings(height=48, margin=0, mode=RAW_LINE)
SETTINGS = {
    **dict.fromkeys(("Arab", "Beng", "Mlym", "Tibt"), _RAW),
    **dict.fromkeys(("Mymr", "Orya"), StripSettings(height=48, margin=0, mode=RAW_LINE, taller=0.1)),
    "Deva": StripSettings(height=0, alone=True),
    "Guru": StripSettings(height=48, alone=True),
    "Hebr": StripSettings(alone=True),
    "Latn": StripSettings(squeeze=0.85),
}
"""Where the usual settings lose, measured on drawn pages of each script, clean to heavily damaged. Letters
under a common bar are lost in single-line mode, or read with an underscore before them where the next line's
marks reach into the strip; short Hebrew lines get a second full stop from them. Latin bears the squeeze (.75
costs .0006 of CER), Cyrillic and Arabic do not."""


def settings_of(script: str) -> StripSettings:
    """How lines of a script (ISO 15924) are cut."""
    return SETTINGS.get(script, _LINE)


def strip_of(grey: Pixels, quad: Quad, how: StripSettings) -> Pixels:
    """The line in the quad, (height, width) uint8, dark on light, without the margin."""
    if not how.alone:
        height = how.height or _height_on_page(quad, 0.0)
        return dark_on_light(strip(grey, _taller(quad, how.taller), height, how.squeeze))
    around = 2 * REACH
    cut = _alone(dark_on_light(strip(grey, _taller(quad, around), _height_on_page(quad, around))))
    scale = how.height / cut.shape[0] if how.height else 1.0
    if scale == 1.0 and how.squeeze == 1.0:
        return cut
    better = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, None, fx=scale * how.squeeze, fy=scale, interpolation=better), np.uint8)


def _alone(cut: Pixels) -> Pixels:
    """A strip with REACH of the page on either side, without what belongs to other lines; 1 ms."""
    paper, darkest = paper_of(cut), float(np.percentile(cut, 1))
    ink = (cut < paper - max(24.0, (paper - darkest) * FAINTEST)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    first, last = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    top, bottom = _between_lines(ink.sum(axis=1))
    is_ground = np.arange(len(stats)) == 0
    middle = (first + last) / 2
    strange = ((middle < top) | (middle > bottom)) & ~is_ground
    own = ~strange & ~is_ground
    wiped = cut.copy()
    around = cv2.dilate(strange[labels].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    wiped[around & ~own[labels]] = paper
    height = cut.shape[0]
    large = own & (stats[:, cv2.CC_STAT_AREA] >= SPECK)
    upper, lower = height * REACH / (1 + 2 * REACH), height * (1 + REACH) / (1 + 2 * REACH)
    upper, lower = min([upper, *first[large]]), max([lower, *last[large]])
    return wiped[int(upper) : int(np.ceil(lower))]


def _between_lines(ink: NDArray[np.integer]) -> tuple[float, float]:
    """The rows between which the middles of a line's own marks lie; `ink` counts each row's.

    Half way between the line's letters and the next line's, as far as these show, else the line's box.
    """
    height = len(ink)
    top, bottom = height * REACH / (1 + 2 * REACH), height * (1 + REACH) / (1 + 2 * REACH)
    dense = ink >= DENSE * np.median(ink[int(top) : int(bottom)])
    if not dense[height // 2]:
        return top, bottom
    above, below = np.flatnonzero(~dense[: height // 2]), np.flatnonzero(~dense[height // 2 :]) + height // 2
    if dense[0] and above.size:
        top = (above[0] + above[-1] + 1) / 2
    if dense[-1] and below.size:
        bottom = (below[0] + below[-1] + 1) / 2
    return float(top), float(bottom)


def _height_on_page(quad: Quad, grown: float) -> int:
    return int(np.clip(round(size_of(quad)[1]), LOWEST, HIGHEST) * (1 + grown))


def _taller(quad: Quad, share: float) -> Quad:
    """The quad with its height grown by a share, half of it above and half below."""
    if not share:
        return quad
    down = (quad[3] - quad[0] + quad[2] - quad[1]) * (share / 4)
    return np.asarray(quad + np.stack([-down, -down, down, down]), np.float32)
