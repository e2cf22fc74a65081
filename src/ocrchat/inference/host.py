"""Say what this machine's processor does best."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path


def cores() -> int:
    """Processors that this process may use; at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def precision() -> str:
    """`bf16` where the processor multiplies tiles of it (AMX), else `f32`.

    Processors with bf16 but without AMX are slower in it than in f32 (measured on PP-OCRv6).
    """
    return "bf16" if "amx_bf16" in _flags() else "f32"


def _flags() -> frozenset[str]:
    file = Path("/proc/cpuinfo")
    if not file.exists():
        return frozenset()
    lines = (line for line in file.read_text("ascii", "replace").splitlines() if line.startswith("flags"))
    return frozenset(next(lines, "").split())
