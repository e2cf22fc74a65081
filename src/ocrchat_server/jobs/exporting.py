"""Write a finished job's document into a file, once, and keep it as long as the job."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from uuid import UUID, uuid4

from ocrchat.errors import SourceError
from ocrchat.exports import Format, Reading
from ocrchat.model import Note, Page
from ocrchat.model.codec import page_from_stored
from ocrchat.pictures import cutting_of
from ocrchat.pipeline import notes_of
from ocrchat.sources import Intake, OpenSource
from ocrchat_server.jobs.models import Job, page_key
from ocrchat_server.jobs.queries import finished_pages_of, notes_of_job, stamp_of
from ocrchat_server.jobs.submit import password_of
from ocrchat_server.storage.blobs import BlobMissing, BlobStore


def export_key(job: UUID, name: str) -> str:
    """Where an export lies in the blob store; another version of ours writes its own."""
    return f"jobs/{job.hex}/exports/{version('ocrchat')}/{name}"


@contextmanager
def exported(
    job: Job, chosen: Format, store: BlobStore, intake: Intake, source: OpenSource | None = None
) -> Iterator[Path]:
    """The finished job's document in that format, as a file that is there while the block lasts.

    `source` is the job's file where somebody has it open already.
    """
    key = export_key(job.id, chosen.name)
    with ExitStack() as stack:
        try:
            file = stack.enter_context(store.local(key))
        except BlobMissing:
            file = store.incoming / uuid4().hex
            stack.callback(file.unlink, missing_ok=True)
            reading = stack.enter_context(reading_of_job(job, store, intake, source))
            with file.open("wb") as written:
                chosen.write(reading, written)
            with suppress(FileExistsError):  # somebody else made it meanwhile
                store.put_file(key, file)
        yield file


@contextmanager
def reading_of_job(
    job: Job, store: BlobStore, intake: Intake, source: OpenSource | None = None
) -> Iterator[Reading]:
    """The job's document page by page; with its pictures for as long as the upload is kept."""
    pages = StoredPages(store, job.id, finished_pages_of(job))
    languages: Counter[str] = Counter()
    notes: list[Note] = list(notes_of_job(job))
    for page in pages:
        notes.extend(notes_of((page,)))
        if page.language:
            languages[page.language] += 1
    reading = Reading(
        pages=pages,
        page_count=len(pages.places),
        title=Path(job.file_name).stem,
        language=min(languages, key=lambda code: (-languages[code], code), default=None),
        engine=stamp_of(job),
        notes=tuple(notes),
    )
    with ExitStack() as stack:
        with suppress(BlobMissing, SourceError):
            if source is None:
                upload = stack.enter_context(store.local(job.upload_key))
                source = stack.enter_context(intake.open(upload, password_of(job)))
            reading = replace(reading, cut=cutting_of(source), printing=source.printed)
        yield reading


@dataclass(frozen=True, slots=True)
class StoredPages:
    """The finished pages of a job, fetched one by one each time they are gone through.

    `places` are (index, attempt) in the document's order.
    """

    store: BlobStore
    job: UUID
    places: tuple[tuple[int, int], ...]

    def __iter__(self) -> Iterator[Page]:
        for index, attempt in self.places:
            stored = self.store.get(page_key(self.job, index, attempt))
            yield page_from_stored(json.loads(gzip.decompress(stored)))
