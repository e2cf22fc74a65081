"""What a pool and its engine processes say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.engines.base import EngineCard
from ocrchat.errors import OcrchatError
from ocrchat.model import Page
from ocrchat.options import Options


@dataclass(frozen=True, slots=True)
class Request:
    """A page to read; its pixels are the first bytes of the shared memory."""

    shape: tuple[int, ...]
    dpi: float | None
    scale: float
    options: Options


Answer = EngineCard | Page | OcrchatError
"""A card once when the engine is ready, then a page or an error for each request."""
