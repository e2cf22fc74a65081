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


def has_int8() -> bool:
    """Whether nets are to multiply in 8 bits where their ranges are known: with VNNI, without AMX.

    There PP-OCRv6 takes half the time of f32. Without VNNI sums of 8-bit products overflow, as they do
    where ONEDNN_MAX_CPU_ISA keeps OpenVINO from it; bf16 with AMX is faster still.
    """
    has_vnni = not _flags().isdisjoint({"avx512_vnni", "avx_vnni"})
    return has_vnni and precision() == "f32" and "ONEDNN_MAX_CPU_ISA" not in os.environ


@cache
def _flags() -> frozenset[str]:
    file = Path("/proc/cpuinfo")
    if not file.exists():
        return frozenset()
    lines = (line for line in file.read_text("ascii", "replace").splitlines() if line.startswith("flags"))
    return frozenset(next(lines, "").split())
