"""How jobs and pages live: their states, and what follows from what."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """The states of a job, as clients see them."""

    PENDING = "pending"
    PROCESSING = "processing"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing will change any more."""
        return self in (JobStatus.DONE, JobStatus.FAILED)


class PageStatus(StrEnum):
    """The states of a page; one is released when its job ended before it was read."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    FAILED = "failed"
    RELEASED = "released"


OPEN_PAGES = (PageStatus.WAITING.value, PageStatus.READING.value)
"""The states in which a page still has to be read."""
