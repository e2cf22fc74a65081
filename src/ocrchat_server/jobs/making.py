"""Let one process make an export, and the others wait for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection

from ocrchat_server.storage.connections import released_connections

log = logging.getLogger(__name__)

CLAIM_SECONDS = 15.0
"""How long a claim holds that nobody renews; its maker does so every third of that."""


@contextmanager
def claimed(key: str, seconds: float = CLAIM_SECONDS) -> Iterator[bool]:
    """Whether it is on the caller, for as long as the block lasts, to make the blob of that key.

    A claim is a row with a deadline: no connection is held while the work goes on, whatever pooler is in
    between, and a maker who dies blocks nobody for longer than `seconds`. Should the database be away for
    so long, the same may be made twice, which does no harm.
    """
    maker = uuid4()
    if not _claim(key, maker, seconds):
        yield False
        return
    done = threading.Event()
    renewing = threading.Thread(target=_renew, args=(key, maker, seconds, done), daemon=True, name="claim")
    renewing.start()
    try:
        yield True
    finally:
        done.set()
        _told(_GIVE_UP, key, maker)


def _claim(key: str, maker: UUID, seconds: float) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_making WHERE until < now() - interval '1 hour'")
        cursor.execute(_CLAIM, {"key": key, "maker": maker, "seconds": seconds})
        return cursor.fetchone() is not None


def _renew(key: str, maker: UUID, seconds: float, done: threading.Event) -> None:
    while not done.wait(seconds / 3):
        _told(_RENEW, key, maker, seconds)


def _told(query: str, key: str, maker: UUID, seconds: float = 0.0) -> None:
    """Tell the database; a claim of which it cannot be told lapses."""
    try:
        with released_connections(), connection.cursor() as cursor:
            cursor.execute(query, {"key": key, "maker": maker, "seconds": seconds})
    except (InterfaceError, OperationalError) as error:
        log.warning("the claim on %s will lapse: %s", key, str(error)[:500])


_CLAIM = """
    INSERT INTO jobs_making (key, maker, until)
    VALUES (%(key)s, %(maker)s, now() + %(seconds)s * interval '1 s')
    ON CONFLICT (key) DO UPDATE SET maker = excluded.maker, until = excluded.until
    WHERE jobs_making.until < now() RETURNING maker
"""
_RENEW = """
    UPDATE jobs_making SET until = now() + %(seconds)s * interval '1 s'
    WHERE key = %(key)s AND maker = %(maker)s
"""
_GIVE_UP = "DELETE FROM jobs_making WHERE key = %(key)s AND maker = %(maker)s"
