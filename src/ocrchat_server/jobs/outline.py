"""Keep the pages of long jobs at hand while they are polled: a committed page never changes."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from ocrchat.model import Document, Page
from ocrchat.model.codec import page_from_stored
from ocrchat.model.flow import notes_of_flow
from ocrchat.model.running import Look, Running, dressed, looks_of, running_of
from ocrchat.pipeline import notes_of
from ocrchat_server.jobs.models import Job, page_key
from ocrchat_server.jobs.queries import finished_pages_of, notes_of_job, stamp_of
from ocrchat_server.storage.blobs import BlobStore

MOST_CHARACTERS = 4_000_000
"""What is kept at most, in characters of text; some 20 MB with everything around them."""

SHORT_JOB = 5
"""Jobs of so few pages are asked for once or twice, and not kept."""

_GZIP = 16 + zlib.MAX_WBITS

Key = tuple[UUID, int, int]


@dataclass(slots=True)
class Outlines:
    """Pages without words, and lines but of headings, those asked for last; safe to use from many threads."""

    store: BlobStore
    most: int = MOST_CHARACTERS
    _kept: OrderedDict[Key, Page] = field(default_factory=OrderedDict, init=False)
    _dressed: dict[Key, tuple[tuple[Look, ...], Page]] = field(default_factory=dict, init=False)
    _characters: int = field(default=0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def of(self, job: Job, only: Collection[int] | None = None) -> Document:
        """What has been read of a job so far, or of some pages of it, without lines and words."""
        return self.of_pages(
            job, [page for page in finished_pages_of(job) if only is None or page[0] in only]
        )

    def of_pages(self, job: Job, finished: Iterable[tuple[int, int]]) -> Document:
        """What these of a job's finished pages say, each an index and the attempt that read it.

        Each blob is read once, however often a job that grows is asked for, and a page is the same object as
        the time before, unless what runs through the document has changed it.
        """
        keys = [(job.id, *page) for page in finished]
        with self._lock:
            pages = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in keys if key not in pages]
        blobs = self.store.get_many([page_key(*key) for key in missing])
        read = {key: _outline(blob) for key, blob in zip(missing, blobs, strict=True)}
        if job.page_count > SHORT_JOB:
            self._keep(read)
        pages |= read
        running = running_of(pages[key] for key in keys)
        whole = tuple([self._in_document(key, pages[key], running) for key in keys])
        notes = (*notes_of_job(job), *notes_of(whole), *notes_of_flow(whole))
        return Document(whole, stamp_of(job), notes)

    def _in_document(self, key: Key, page: Page, running: Running) -> Page:
        """The page as `running.typed` has it."""
        looks = looks_of(page, running)
        before = self._dressed.get(key)
        if before is not None and before[0] == looks:
            return before[1]
        shown = dressed(page, looks)
        with self._lock:
            if key in self._kept:
                self._dressed[key] = looks, shown
        return shown

    def _keep(self, pages: dict[Key, Page]) -> None:
        with self._lock:
            for key, page in pages.items():
                if key not in self._kept:
                    self._kept[key] = page
                    self._characters += _weight(page)
            while self._characters > self.most:
                key, oldest = self._kept.popitem(last=False)
                self._dressed.pop(key, None)
                self._characters -= _weight(oldest)


def _outline(blob: bytes) -> Page:
    """The page without its lines, which stand in the blob's second part (`commit`)."""
    first = zlib.decompressobj(wbits=_GZIP)
    text = first.decompress(blob)
    if first.unused_data:
        return page_from_stored(json.loads(text + b"}"))
    plain = json.loads(text)  # of an earlier version: in one part, lines in their blocks
    for block in plain["blocks"]:
        block["lines"] = [line | {"words": []} for line in block["lines"] if block["type"] == "heading"]
    return page_from_stored(plain)


def _weight(page: Page) -> int:
    return 200 + len(page.text) + len(page.markdown)
