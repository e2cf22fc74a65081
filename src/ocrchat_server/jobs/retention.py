"""Delete what was kept for as long as it should be."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.models import upload_key
from ocrchat_server.storage.blobs import BlobStore

_MOST_AT_ONCE = 500
TOMBSTONE_DAYS = 90
KEY_HOURS = 24
"""How long tombstones and idempotency keys are kept."""


def delete_uploads(store: BlobStore, keep_seconds: int) -> int:
    """Delete the files of jobs that ended so long ago; how many.

    The blob goes before the row says so: a crash in between only has it done again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM jobs_job WHERE upload_deleted_at IS NULL "
            "AND finished_at <= now() - %s * interval '1 second' ORDER BY finished_at LIMIT %s",
            [keep_seconds, _MOST_AT_ONCE],
        )
        due: list[UUID] = [row[0] for row in cursor]
        for job in due:
            store.delete(upload_key(job))
        if due:
            cursor.execute("UPDATE jobs_job SET upload_deleted_at = now() WHERE id = ANY(%s)", [due])
    return len(due)


def delete_expired(store: BlobStore) -> int:
    """Delete jobs whose results were kept for long enough, with all that hangs on them; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM jobs_job WHERE expires_at <= now() ORDER BY expires_at LIMIT %s", [_MOST_AT_ONCE]
        )
        due: list[UUID] = [row[0] for row in cursor]
    return sum(delete_job(job, Reason.EXPIRED, store) is not None for job in due)


def forget_old_marks() -> None:
    """Delete old tombstones and old idempotency keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM jobs_tombstone "
            "WHERE cleared_at IS NOT NULL AND deleted_at <= now() - %s * interval '1 day'",
            [TOMBSTONE_DAYS],
        )
        cursor.execute(
            "DELETE FROM jobs_idempotencykey WHERE created_at <= now() - %s * interval '1 hour'", [KEY_HOURS]
        )


def mend_ends_in_the_future() -> int:
    """Let jobs that ended by a clock that ran ahead have ended now; how many. Else they stayed for ever."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_job "
            "SET finished_at = now(), expires_at = now() + keep_seconds * interval '1 second' "
            "WHERE finished_at > now() + interval '1 hour'"
        )
        return int(cursor.rowcount)
