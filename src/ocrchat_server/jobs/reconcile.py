"""Find blobs that no row stands for, and delete them; none that one does, or soon may."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from uuid import UUID

from ocrchat_server.jobs.lifecycle import OPEN_PAGES, PageStatus
from ocrchat_server.jobs.models import Job, Page, Tombstone, page_key, upload_key
from ocrchat_server.storage.blobs import BlobEntry, BlobStore

_JOBS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KnownJob:
    """What the rows say of a job's blobs: whether its upload is kept, and which attempts at each page are.

    The attempt that was committed; the latest and all to come while the page is open; none of a page
    that was released.
    """

    has_upload: bool
    attempts: Mapping[int, range]


@dataclass(slots=True)
class Suspects:
    """Blobs without any row, and since when; one may belong to a job that is being submitted.

    By a clock that cannot be set, in this process alone: a wrong clock deletes nothing early.
    """

    grace: float
    _since: dict[str, float] = field(default_factory=dict, init=False)
    _seen: set[str] = field(default_factory=set, init=False)

    def is_guilty(self, key: str, now: float) -> bool:
        """Whether that blob has been without a row for the time of grace."""
        self._seen.add(key)
        return now - self._since.setdefault(key, now) >= self.grace

    def __bool__(self) -> bool:
        """Whether there is anybody to look at again."""
        return bool(self._since)

    def forget_others(self) -> None:
        """Forget whom nobody suspected since the last call: they have a row now, or are gone."""
        self._since = {key: since for key, since in self._since.items() if key in self._seen}
        self._seen = set()


def is_orphan(key: str, job_id: UUID, job: KnownJob) -> bool:
    """Whether a blob of a job that exists is one that nobody will ever ask for.

    An attempt before a page's present one can no longer be committed; the present one may have stored
    its blob a moment before its row. What is no upload and no page goes with the job.
    """
    if key == upload_key(job_id):
        return not job.has_upload
    named = key.removeprefix(f"jobs/{job_id.hex}/pages/").removesuffix(".json.gz").split("-")
    if len(named) != 2 or not all(part.isdecimal() for part in named):
        return False
    index, attempt = int(named[0]), int(named[1])
    if key != page_key(job_id, index, attempt):
        return False
    return attempt not in job.attempts.get(index, range(0))


def delete_orphans(store: BlobStore, suspects: Suspects, now: float) -> int:
    """Go through all blobs of jobs once; how many were deleted. `now` is a monotonic time in seconds."""
    deleted = 0
    for folders in _batches(groupby(store.entries_under("jobs"), key=_folder)):
        known = _known([job for job in map(_job_of, folders) if job])
        buried = set(Tombstone.objects.filter(job__in=list(known.keys())).values_list("job", flat=True))
        for folder, entries in folders.items():
            job = _job_of(folder)
            for entry in entries:
                if job and (there := known[job]):
                    is_over = is_orphan(entry.key, job, there)
                else:
                    is_over = job in buried or suspects.is_guilty(entry.key, now)
                if is_over:
                    store.delete(entry.key)
                    deleted += 1
    suspects.forget_others()
    return deleted


def delete_drafts(store: BlobStore, suspects: Suspects, now: float) -> int:
    """Delete what killed processes have left half written; how many. What still grows is left alone."""
    deleted = 0
    for file in store.incoming.iterdir():
        try:
            state = file.stat()
            if suspects.is_guilty(f"{file.name} {state.st_size} {state.st_mtime_ns}", now):
                file.unlink()
                deleted += 1
        except FileNotFoundError:
            continue  # its owner was faster
    suspects.forget_others()
    return deleted


def _known(ids: list[UUID]) -> dict[UUID, KnownJob | None]:
    """What the rows say of each; read after the listing, so that every blob listed is older than it."""
    attempts: dict[UUID, dict[int, range]] = {job: {} for job in ids}
    known: dict[UUID, KnownJob | None] = dict.fromkeys(ids)
    for job, deleted_at in Job.objects.filter(id__in=ids).values_list("id", "upload_deleted_at"):
        known[job] = KnownJob(deleted_at is None, attempts[job])
    rows = Page.objects.filter(job__in=ids).values_list("job_id", "index", "attempt", "status")
    for job, index, attempt, status in rows.iterator(5000):
        attempts[job][index] = _kept(attempt, PageStatus(status))
    return known


def _kept(attempt: int, status: PageStatus) -> range:
    if status is PageStatus.RELEASED:
        return range(0)
    return range(attempt, sys.maxsize if status in OPEN_PAGES else attempt + 1)


def _folder(entry: BlobEntry) -> str:
    return "/".join(entry.key.split("/", 2)[:2])


def _job_of(folder: str) -> UUID | None:
    name = folder.removeprefix("jobs/")
    try:
        return UUID(name) if name == UUID(name).hex else None
    except ValueError:
        return None


def _batches(
    groups: Iterable[tuple[str, Iterator[BlobEntry]]],
) -> Iterator[dict[str, tuple[BlobEntry, ...]]]:
    listed = ((folder, tuple(entries)) for folder, entries in groups)
    while batch := dict(islice(listed, _JOBS_AT_ONCE)):
        yield batch
