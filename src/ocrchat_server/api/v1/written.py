"""Keep what was written of pages, for when the same page is asked for again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from ocrchat.model import Page

MOST_BYTES = 8_000_000
"""Some 600 dense pages, about as many as `Outlines` keeps."""


@dataclass(slots=True)
class Written:
    """Pages as bytes, those asked for last, told apart by which object they are; safe in many threads."""

    write: Callable[[Page], bytes]
    most: int = MOST_BYTES
    _kept: OrderedDict[int, tuple[Page, bytes]] = field(default_factory=OrderedDict, init=False)
    _bytes: int = field(default=0, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def of(self, page: Page) -> bytes:
        """What `write` makes of it; the page is held, so that no other can have its place in memory."""
        with self._lock:
            kept = self._kept.get(id(page))
            if kept is not None:
                self._kept.move_to_end(id(page))
                return kept[1]
        data = self.write(page)
        with self._lock:
            if id(page) not in self._kept:
                self._kept[id(page)] = page, data
                self._bytes += len(data)
            while self._bytes > self.most:
                _, (_, oldest) = self._kept.popitem(last=False)
                self._bytes -= len(oldest)
        return data
