"""Write a finished job's document into a file, once, and keep it as long as the job."""

from __future__ import annotations

import gzip
import json
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connections

from ocrchat.errors import SourceError
from ocrchat.exports import About, Format, Reading
from ocrchat.model import BlockType, Note, Page
from ocrchat.model.codec import page_from_stored
from ocrchat.pictures import cutting_of
from ocrchat.pipeline import notes_of
from ocrchat.sources import Intake, OpenSource
from ocrchat_server.jobs.making import claimed
from ocrchat_server.jobs.models import Job, page_key
from ocrchat_server.jobs.queries import finished_pages_of, notes_of_job, stamp_of
from ocrchat_server.jobs.submit import password_of
from ocrchat_server.storage.blobs import BlobMissing, BlobStore

Making = Callable[[], AbstractContextManager[Reading]]
"""Gives what an export is made of, once it is known that it has to be made."""


def export_key(job: UUID, name: str) -> str:
    """Where an export lies in the blob store; another version of ours writes its own."""
    return f"jobs/{job.hex}/exports/{version('ocrchat')}/{name}"


@contextmanager
def exported(job: Job, chosen: Format, store: BlobStore, making: Making) -> Iterator[Path | None]:
    """The finished job's document in that format, as a file that is there while the block lasts.

    It is made of what `making` gives where it was not made before. None while somebody else makes it: ask
    again in a moment. This thread's database connection is given back before the file is made.
    """
    key = export_key(job.id, chosen.name)
    with ExitStack() as stack:
        yield _kept(key, store, stack) or _made(key, chosen, store, making, stack)


def _kept(key: str, store: BlobStore, stack: ExitStack) -> Path | None:
    with suppress(BlobMissing):
        return stack.enter_context(store.local(key))
    return None


def _made(key: str, chosen: Format, store: BlobStore, making: Making, stack: ExitStack) -> Path | None:
    with claimed(key) as is_ours:
        if not is_ours:
            return None
        if there := _kept(key, store, stack):  # made between the look and the claim
            return there
        file = store.incoming / uuid4().hex
        stack.callback(file.unlink, missing_ok=True)
        with making() as reading, file.open("wb") as written:
            connections.close_all()
            chosen.write(reading, written)
        with suppress(FileExistsError):  # a claim had lapsed
            store.put_file(key, file)
        return file


@contextmanager
def reading_of_job(
    job: Job, store: BlobStore, intake: Intake, source: OpenSource | None = None
) -> Iterator[Reading]:
    """The job's document page by page; with its pictures for as long as the upload is kept.

    `source` is the job's file where somebody has it open already.
    """
    pages = StoredPages(store, job.id, finished_pages_of(job))
    told = notes_of_job(job)
    reading = Reading(
        pages=pages,
        page_count=len(pages.places),
        title=Path(job.file_name).stem,
        about=lambda: pages.tally().about(told),
        engine=stamp_of(job),
    )
    with ExitStack() as stack:
        with suppress(BlobMissing, SourceError):
            if source is None:
                upload = stack.enter_context(store.local(job.upload_key))
                source = stack.enter_context(intake.open(upload, password_of(job)))
            reading = replace(reading, cut=cutting_of(source), printing=source.printed)
        yield reading


@dataclass(slots=True)
class Tally:
    """What is told of all pages together, counted page by page."""

    languages: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    has_figures: bool = False

    def add(self, page: Page) -> None:
        """Count a page."""
        self.notes.extend(notes_of((page,)))
        if page.language:
            self.languages[page.language] += 1
        self.has_figures = self.has_figures or any(block.type is BlockType.FIGURE for block in page.blocks)

    def about(self, notes: tuple[Note, ...]) -> About:
        """The same for an export; `notes` are those of the document itself."""
        usual = min(self.languages, key=lambda code: (-self.languages[code], code), default=None)
        return About(usual, (*notes, *self.notes), self.has_figures)


class StoredPages:
    """The finished pages of a job, fetched one by one each time they are gone through.

    `places` are (index, attempt) in the document's order. A page costs 3 ms.
    """

    def __init__(self, store: BlobStore, job: UUID, places: tuple[tuple[int, int], ...]) -> None:
        self.places = places
        self._store, self._job = store, job
        self._tally: Tally | None = None

    def __iter__(self) -> Iterator[Page]:
        tally = Tally()
        for index, attempt in self.places:
            stored = self._store.get(page_key(self._job, index, attempt))
            page = page_from_stored(json.loads(gzip.decompress(stored)))
            tally.add(page)
            yield page
        self._tally = tally

    def tally(self) -> Tally:
        """What the pages tell together; known when they have been gone through to the end once."""
        if self._tally is None:
            deque(self, maxlen=0)
        return self._tally or Tally()
