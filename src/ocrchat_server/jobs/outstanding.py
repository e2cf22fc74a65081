"""Refuse work that nobody could do soon, before it is stored or charged."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from django.db import connection

from ocrchat_server.jobs.errors import TooMuchWaiting

_KEPT_SECONDS = 2.0
"""How long a process goes by the same sum of all that waits."""


@dataclass(frozen=True, slots=True)
class Outstanding:
    """How many pages may wait: of one requester, and in all."""

    each: int
    in_all: int


NO_LIMIT = Outstanding(each=sys.maxsize, in_all=sys.maxsize)


def check_outstanding(requester: str, pages: int, most: Outstanding) -> None:
    """TooMuchWaiting when so many more pages were too many; call it where the requester's turn is held."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(page_count - pages_done), 0) FROM jobs_job "
            "WHERE finished_at IS NULL AND requester = %s",
            [requester],
        )
        waiting = int(cursor.fetchone()[0])
    if waiting + pages > most.each and (waiting or pages > most.each):
        raise TooMuchWaiting(f"{waiting} pages of yours wait already, at most {most.each} may")
    if _about_in_all() + pages > most.in_all // 2 and _in_all() + pages > most.in_all:
        raise TooMuchWaiting("the server has more to read than it can soon; try again later")


_last: list[tuple[float, int]] = [(-_KEPT_SECONDS, 0)]


def _about_in_all() -> int:
    """What waited in all, some seconds ago: good enough while it is far from the limit."""
    at, waiting = _last[0]
    return waiting if time.monotonic() - at < _KEPT_SECONDS else _in_all()


def _in_all() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(page_count - pages_done), 0) FROM jobs_job WHERE finished_at IS NULL"
        )
        waiting = int(cursor.fetchone()[0])
    _last[0] = (time.monotonic(), waiting)
    return waiting
