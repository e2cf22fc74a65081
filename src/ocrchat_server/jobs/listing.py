"""List an account's jobs, some at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from ocrchat.errors import UnknownOption
from ocrchat_server.accounts.models import Account
from ocrchat_server.jobs.models import Job

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class JobList:
    """Some of an account's jobs, newest first, and where the list goes on; None at its end."""

    jobs: tuple[Job, ...]
    following: str | None


def jobs_of(account: Account, limit: int, cursor: str) -> JobList:
    """The account's jobs before a cursor, from the newest without one. UnknownOption for a foreign cursor.

    A page of the list costs the same wherever it lies; jobs that are posted meanwhile move nothing.
    """
    mine = Job.objects.filter(account=account).order_by("-created_at", "-id")
    if cursor:
        moment, last = _place_of(cursor)
        mine = mine.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=last))
        mine = mine.filter(created_at__lte=moment)  # so that the index is entered at the right place
    found = tuple(mine[: limit + 1])
    following = _cursor_at(found[limit - 1]) if len(found) > limit else None
    return JobList(found[:limit], following)


def _cursor_at(job: Job) -> str:
    return f"{(job.created_at - _EPOCH) // timedelta(microseconds=1):x}-{job.id.hex}"


def _place_of(cursor: str) -> tuple[datetime, UUID]:
    moment, _, last = cursor.partition("-")
    try:
        place = _EPOCH + timedelta(microseconds=int(moment, 16)), UUID(last)
    except (ValueError, OverflowError):
        raise UnknownOption("cursor", cursor, ["what `next` said"]) from None
    return place
