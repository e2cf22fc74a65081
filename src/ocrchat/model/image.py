"""A page's picture on its way from a decoder to an engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocrchat.model.document import Note


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """Pixels of one page as the file shows it (EXIF and PDF rotation applied).

    `pixels` is uint8 of shape (height, width) for grey or (height, width, 3) for RGB; nobody writes
    into it. `dpi` is None where the file does not say or says nonsense. `scale` is image pixels per
    pixel (or per 1/72 inch for PDF) of the source: under 1 where a page was scaled down to fit.
    `notes` say what is amiss with the page (scaled down, cut short), without their page.
    """

    pixels: NDArray[np.uint8]
    dpi: float | None = None
    scale: float = 1.0
    notes: tuple[Note, ...] = ()

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[0])
