"""Ask a job's document: the index of its pages is kept, its pages are fetched as they are needed."""

from __future__ import annotations

import gzip
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock
from uuid import UUID

from ocrchat.answers import Answer, Asked, PageRanks, joined, parts_of, places_to_show
from ocrchat.model import Page
from ocrchat.model.codec import page_from_stored
from ocrchat_server.jobs.models import page_key
from ocrchat_server.storage.blobs import BlobStore

MOST_INDEX_BYTES = 128 << 20
"""What the indexes of all documents may take in a process."""
_AT_ONCE = 64
"""Pages that are in memory together while a document is indexed."""

Version = tuple[UUID, tuple[tuple[int, int], ...]]
"""A document as its committed pages make it: when one is read again, it is another."""


@dataclass(slots=True)
class Asking:
    """Answers from documents; keeps the indexes of those asked last. Safe to use from several threads."""

    store: BlobStore
    most: int = MOST_INDEX_BYTES
    _indexes: OrderedDict[Version, PageRanks] = field(default_factory=OrderedDict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def of(self, version: Version, asked: Asked) -> Answer:
        """The answer in the document's own words."""
        return joined(self.parts(version, asked))

    def parts(self, version: Version, asked: Asked) -> Iterator[Answer]:
        """The lines of that answer, each as soon as it is found."""
        job, places = version

        def pages_at(wanted: Sequence[int]) -> Iterable[Page]:
            return self._pages(job, [places[place] for place in wanted])

        return parts_of(asked, self._ranks(version), pages_at)

    def pages_to_show(self, version: Version, asked: Asked, most: int) -> list[Page]:
        """The pages to put before a model that takes so many characters."""
        job, places = version
        return self._pages(job, [places[at] for at in places_to_show(asked, self._ranks(version), most)])

    def _ranks(self, version: Version) -> PageRanks:
        with self._lock:
            if version in self._indexes:
                self._indexes.move_to_end(version)
                return self._indexes[version]
        job, places = version
        ranks = PageRanks(page.text for page in self._each_page(job, places))
        with self._lock:
            self._indexes[version] = ranks
            while len(self._indexes) > 1 and sum(each.size for each in self._indexes.values()) > self.most:
                self._indexes.popitem(last=False)
        return ranks

    def _each_page(self, job: UUID, places: Sequence[tuple[int, int]]) -> Iterator[Page]:
        for start in range(0, len(places), _AT_ONCE):
            yield from self._pages(job, places[start : start + _AT_ONCE])

    def _pages(self, job: UUID, places: Sequence[tuple[int, int]]) -> list[Page]:
        blobs = self.store.get_many([page_key(job, *place) for place in places])
        return [page_from_stored(json.loads(gzip.decompress(blob))) for blob in blobs]
