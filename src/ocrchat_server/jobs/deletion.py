"""Delete everything of a job, and remember that it was there."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ocrchat_server.jobs.ending import end_early
from ocrchat_server.jobs.models import Job, Tombstone
from ocrchat_server.storage.blobs import BlobEntry, BlobStore

log = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why a job was deleted."""

    ASKED = "asked"
    EXPIRED = "expired"


def delete_job(job_id: UUID, reason: Reason, store: BlobStore) -> Tombstone | None:
    """Delete a job's rows, then its blobs; None when there is no such job.

    A job that runs is ended first, so finished pages stay paid. Should this process die or the store
    fail in between, the tombstone says so and `clear_tombstones` goes on.
    """
    try:
        with transaction.atomic():
            job = end_early(job_id, "deleted")
            _, gone = job.delete()
            tombstone = Tombstone.objects.create(
                job=job_id, account=job.account_id, reason=reason.value, removed=_rows_by_kind(gone)
            )
    except Job.DoesNotExist:
        return None
    try:
        clear(tombstone, store)
    except Exception:  # whatever a store's library raises: the rows are gone, the sweep goes on
        log.exception("job %s: its blobs are not deleted yet", job_id.hex)
    return tombstone


def clear(tombstone: Tombstone, store: BlobStore) -> None:
    """Delete what lies in the store of a deleted job, and write down what it was."""
    gone = store.delete_under(f"jobs/{tombstone.job.hex}")
    tombstone.removed = _added(tombstone.removed, gone)
    tombstone.cleared_at = timezone.now()
    tombstone.save(update_fields=["removed", "cleared_at"])


def clear_tombstones(store: BlobStore) -> int:
    """Delete the blobs of deleted jobs whose deletion was cut short; how many such jobs there were."""
    waiting = list(Tombstone.objects.filter(cleared_at=None)[:1000])
    for tombstone in waiting:
        clear(tombstone, store)
    return len(waiting)


def _rows_by_kind(gone: dict[str, int]) -> dict[str, int]:
    """`{"jobs.Page": 3}` as `{"pages": 3}`, for whatever tables hang on a job."""
    return {f"{label.rpartition('.')[2].lower()}s": count for label, count in gone.items() if count}


def _added(removed: dict[str, int], gone: Iterable[BlobEntry]) -> dict[str, int]:
    counted = Counter(removed)
    for entry in gone:
        counted["files"] += 1
        counted["bytes"] += entry.size
    return {"files": 0, "bytes": 0} | dict(counted)
