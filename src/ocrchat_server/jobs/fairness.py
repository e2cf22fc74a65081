"""Who is served first."""

from __future__ import annotations

SMALL_JOB, LARGE_JOB = 10, 0
PAGES_A_BATCH = 8


def priority_of(page_count: int, inline_pages: int) -> int:
    """The queue's priority of a job: one that somebody waits for goes before a long one."""
    return SMALL_JOB if page_count <= inline_pages else LARGE_JOB


def batches(indices: tuple[int, ...], inline_pages: int) -> tuple[tuple[int, ...], ...]:
    """The pages as they are handed to workers: one by one when few, so that several read at once."""
    size = 1 if len(indices) <= inline_pages else PAGES_A_BATCH
    return tuple(indices[start : start + size] for start in range(0, len(indices), size))
