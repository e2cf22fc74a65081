"""Keep files open from one batch of pages to the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from ocrchat.errors import SourceError
from ocrchat.own_text import PicturesSeen
from ocrchat.sources import Intake, OpenSource
from ocrchat_server.jobs.models import upload_key
from ocrchat_server.storage.blobs import BlobMissing, BlobStore

_OPENERS = ThreadPoolExecutor(32, thread_name_prefix="opener")


@dataclass(slots=True)
class JobFile:
    """A job's file, open in a locked child, and what pictures in it said."""

    source: OpenSource
    seen: PicturesSeen
    holding: ExitStack
    idle_since: float = 0.0


class Opening:
    """A file that is open already, or opens in a thread of its own."""

    def __init__(self, sources: KeptSources, job: UUID) -> None:
        self._sources, self._job = sources, job
        taken = sources.taken(job)
        self._tried_without = taken is None
        self._file: Future[JobFile | SourceError] = Future()
        if taken:
            self._file.set_result(taken)
        else:
            self._file = _OPENERS.submit(sources.fresh, job, None)

    def file(self, password: str | None = None) -> JobFile | SourceError:
        """The file, the same each time; where it cannot be opened any more, the reason, for its pages."""
        if password is not None and self._tried_without:
            self._tried_without = False
            self.close()
            self._file = _OPENERS.submit(self._sources.fresh, self._job, password)
        return self._file.result()

    def close(self) -> None:
        """Close what was opened; a failure to open was told to whoever asked for the file."""
        with suppress(Exception):
            if isinstance(file := self._file.result(), JobFile):
                file.holding.close()


@dataclass(slots=True)
class KeptSources:
    """Files that were open a moment ago, for whoever reads the next batch; safe to use from several threads.

    To open a PDF of 400 pages takes 60 ms, and from a bucket its download; a batch of text takes 200. A file
    that nobody asks for is closed by `close_idle`.
    """

    store: BlobStore
    intake: Intake
    most: int = 8
    _idle: dict[UUID, list[JobFile]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def opened(self, job: UUID) -> Iterator[Opening]:
        """The job's file, which opens while its row is looked up; kept for the next batch afterwards."""
        opening = Opening(self, job)
        try:
            yield opening
        except BaseException:
            opening.close()
            raise
        if isinstance(file := opening.file(), JobFile):
            self._keep(job, file)

    def fresh(self, job: UUID, password: str | None) -> JobFile | SourceError:
        """The job's file in a child of its own; where it cannot be opened any more, the reason."""
        with ExitStack() as stack:
            try:
                file = stack.enter_context(self.store.local(upload_key(job)))
                source = stack.enter_context(self.intake.open(file, password))
            except BlobMissing:
                return SourceError("the file is not there any more")
            except SourceError as error:
                return error
            return JobFile(source, PicturesSeen(), stack.pop_all())

    def close_idle(self, seconds: float) -> None:
        """Close what nobody has asked for so long; 0 closes everything."""
        until = time.monotonic() - seconds
        late: list[JobFile] = []
        with self._lock:
            for job, files in list(self._idle.items()):
                late += [file for file in files if file.idle_since <= until]
                self._idle[job] = [file for file in files if file.idle_since > until]
                if not self._idle[job]:
                    del self._idle[job]
        _close(late)

    def taken(self, job: UUID) -> JobFile | None:
        """The file of a batch before, if it is open still: nobody else gets it."""
        with self._lock:
            files = self._idle.get(job)
            file = files.pop() if files else None
            if not files:
                self._idle.pop(job, None)
            return file

    def _keep(self, job: UUID, file: JobFile) -> None:
        file.idle_since = time.monotonic()
        with self._lock:
            self._idle.setdefault(job, []).append(file)
            everyone = sorted(
                ((each.idle_since, key) for key, files in self._idle.items() for each in files),
                key=lambda pair: pair[0],
            )
            late = [self._idle[key].pop(0) for _, key in everyone[: max(0, len(everyone) - self.most)]]
            for key in [key for key, files in self._idle.items() if not files]:
                del self._idle[key]
        _close(late)


def _close(files: list[JobFile]) -> None:
    for file in files:
        file.holding.close()
