"""Say how much one file may ask for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any


def _limit(default: int, unit: str, of: str, meaning: str) -> Any:
    return field(default=default, metadata={"unit": unit, "of": of, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may declare, and what decoding it may cost; all figures are positive.

    What a file declares is checked before anything is decoded. Each field's metadata holds its `unit`,
    `of` what it is the limit, and its `meaning`.
    """

    bytes: int = _limit(100_000_000, "bytes", "file", "size of a file")
    pixels: int = _limit(100_000_000, "pixels", "image", "width times height that an image may declare")
    side: int = _limit(32_000, "pixels", "longer side of the image", "width or height that a page may have")
    pages: int = _limit(2_000, "pages", "number of pages", "pages of a document")
    frames: int = _limit(100, "frames", "number of frames", "frames of a WEBP or AVIF that are read")
    gif_frames: int = _limit(100, "frames", "number of frames", "frames of a GIF that are read")
    jpeg_scans: int = _limit(100, "scans", "number of JPEG scans", "scans of a progressive JPEG, each a pass")
    pdf_dpi: int = _limit(200, "dpi", "resolution", "resolution at which PDF pages are drawn")
    pdf_pixels: int = _limit(40_000_000, "pixels", "page", "size of a drawn PDF page; else scaled down")
    characters: int = _limit(
        300_000,
        "characters",
        "text layer of a page",
        "characters of a page's own text that are taken; beyond, its picture is read",
    )
    cpu_seconds: int = _limit(15, "s", "processor time", "processor time to open a file, or to read a page")
    clock_seconds: int = _limit(30, "s", "time", "clock time to open a file, or to read a page")
    memory: int = _limit(1_000_000_000, "bytes", "memory", "memory that decoding a document may take")
    deaths: int = _limit(
        10,
        "pages",
        "number of deadly pages",
        "pages that may break the decoder before a document is given up",
    )

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value <= 0:
                raise ValueError(f"the limit {name} must be positive, not {value}")


def described(limits: Limits) -> tuple[dict[str, str | int], ...]:
    """Each limit as data: its name, limit, unit and meaning, for the API and the documentation."""
    return tuple(
        {
            "name": each.name,
            "limit": getattr(limits, each.name),
            "unit": each.metadata["unit"],
            "meaning": each.metadata["meaning"],
        }
        for each in fields(limits)
    )
