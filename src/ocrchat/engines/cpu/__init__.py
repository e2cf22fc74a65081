"""Read print on the CPU; the models are loaded when an engine is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ocrchat.engines.cpu.availability import availability

if TYPE_CHECKING:
    from ocrchat.engines.base import Engine

__all__ = ["availability", "build"]


def build(threads: int | None = None, models: Path | None = None) -> Engine:
    """A new engine on at most `threads` threads (None: every core); takes about a second.

    `models` is an operator's own folder of `.traineddata` files. Raises ModelMissing.
    """
    from ocrchat.engines.cpu.engine import CpuEngine

    return CpuEngine(threads, models)
