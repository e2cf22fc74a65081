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
    return "bf16" if "amx_bf16" in _flags() and not is_limited() else "f32"


def is_limited() -> bool:
    """Whether OpenVINO is kept from some of the processor's instructions, as `ONEDNN_MAX_CPU_ISA=AVX2` does.

    Everything is then in f32, AVX512_CORE and AVX2 alike.
    """
    return "ONEDNN_MAX_CPU_ISA" in os.environ


def has_int8() -> bool:
    """Whether nets are to multiply in 8 bits where their ranges are known: with VNNI, without AMX.

    There PP-OCRv6 takes half the time of f32. Without VNNI sums of 8-bit products overflow; bf16 with AMX is
    faster still.
    """
    has_vnni = not _flags().isdisjoint({"avx512_vnni", "avx_vnni"})
    return has_vnni and precision() == "f32" and not is_limited()


@cache
def _flags() -> frozenset[str]:
    file = Path("/proc/cpuinfo")
    if not file.exists():
        return frozenset()
    lines = (line for line in file.read_text("ascii", "replace").splitlines() if line.startswith("flags"))
    return frozenset(next(lines, "").split())
