"""Let a stranger's file in: look at its first bytes, open it in a locked child, fetch its pages."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np

from ocrchat.errors import DamagedSource, SandboxUnavailable, SourceTooLarge, UnsupportedType
from ocrchat.model import Note, PageImage, TextLayer
from ocrchat.model.searchable import Imprint, PageLayer
from ocrchat.sources import answers, findings, layers
from ocrchat.sources.limits import Limits
from ocrchat.sources.parcels import parts_of
from ocrchat.sources.sandbox.launcher import Child, Launcher
from ocrchat.sources.sandbox.lock import LockReport
from ocrchat.sources.sniff import ACCEPTED, HEAD, SourceKind, guess_of, kind_of
from ocrchat.sources.wire import Garbled, Gone

_DEATHS = {-signal.SIGXCPU: "time", -signal.SIGABRT: "memory", -signal.SIGKILL: "memory"}
"""What the exit codes of children mean; PDFium aborts when it is refused memory."""

_PIECE = 1 << 20
"""Bytes of a printed file that are read at a time."""

_TWO_WAYS = frozenset({SourceKind.PDF, SourceKind.GIF, SourceKind.WEBP, SourceKind.AVIF})
"""Kinds that are opened thoroughly at first, and plainly where that breaks the child."""

Result = TypeVar("Result")


class Intake:
    """Where files of strangers come in; one for a process, shared by its threads.

    Starts a zygote of its own, so make it after forking, and close it.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._launcher = Launcher(self.limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(self) -> LockReport:
        """What the lock is made of; raises SandboxUnavailable where it cannot be closed."""
        return self._launcher.report()

    def open(self, path: Path, password: str | None = None) -> OpenSource:
        """Open a plain file in a fresh child.

        Raises UnsupportedType, DamagedSource, EncryptedSource, SourceTooLarge or SandboxUnavailable; and
        OSError where `path` itself cannot be opened.
        """
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            return OpenSource(self._launcher, file, self._kind_of(file), password, self.limits)
        except BaseException:
            os.close(file)
            raise

    def close(self) -> None:
        """End the zygote and every child."""
        self._launcher.close()

    def _kind_of(self, file: int) -> SourceKind:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise UnsupportedType(f"this is no plain file; accepted: {ACCEPTED}")
        if not status.st_size:
            raise DamagedSource("the file is empty")
        if status.st_size > self.limits.bytes:
            raise SourceTooLarge("file", self.limits.bytes, status.st_size, "bytes")
        head = os.pread(file, HEAD, 0)
        kind = kind_of(head)
        if kind is None:
            raise UnsupportedType(f"the file is {guess_of(head)}; accepted: {ACCEPTED}")
        return kind


class _Died(Exception):
    """A child failed; `code` is one of REFUSALS, None when it was its zygote that died."""

    def __init__(self, code: str | None) -> None:
        super().__init__(code)
        self.code = code


class OpenSource:
    """An open document; close it, or use it as a context manager. Threads take turns."""

    def __init__(
        self, launcher: Launcher, file: int, kind: SourceKind, password: str | None, limits: Limits
    ) -> None:
        self._launcher, self._file, self._limits = launcher, file, limits
        self._password, self._thorough = password, kind in _TWO_WAYS
        self._guard = threading.Lock()
        self._child: Child | None = None
        self._served = self._deaths = 0
        self.kind = kind
        """What the file is, told from its bytes."""
        self.page_count = 0
        """Pages that the file has, those that are lost included; at least 1."""
        self.notes: tuple[Note, ...] = ()
        """What is missing or odd about the document."""
        self._open(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def page(self, index: int) -> PageImage:
        """The image of page `index`, counted from 0, upright as the file shows it.

        Raises PageUnreadable; the other pages can still be read. A page that breaks the decoder costs the
        start of another child, some milliseconds.
        """
        return self._got(index, self._fetched)

    def text_layer(self, index: int) -> TextLayer | None:
        """What page `index` says of its own text; None where its kind of file says nothing.

        Raises PageUnreadable; its picture may still be had.
        """
        return self._got(index, self._fetched_text) if self.kind is SourceKind.PDF else None

    def printed(self, layers: Iterable[PageLayer], imprint: Callable[[], Imprint]) -> Iterator[bytes]:
        """A PDF of the document's own pages with those layers under them, in pieces; `imprint` is asked last.

        Only the layers' pages are in it, in the document's order. A picture's JPEG bytes are kept as they
        are, a PDF's pages too, but for what acts. Raises SourceError.
        """
        with self._guard:
            if self._child is not None:
                self._child.leave()
            self._open(None)  # what pages have left behind counts against nobody here
            try:
                for layer in layers:
                    for request in parts_of(layer):
                        yield from self._print(request, layer.index + 1)
                for request in parts_of(imprint()):
                    yield from self._print(request, None)
            except _Died as died:
                raise findings.unreadable(died.code or "crash", None) from None

    def _print(self, request: dict[str, Any], page: int | None) -> Iterator[bytes]:
        """Put one part of a parcel; the file comes in pieces with the last part of the last."""
        with self._listening() as child:
            answer = self._ask(child, request)
            if "refused" in answer:
                raise findings.refused(answer, self._limits, page)
            left = answers.printed_bytes(answer)
            if page is not None and left:
                raise Garbled("a file before its end")
            while left:
                piece = bytearray(min(left, _PIECE))
                child.fill(memoryview(piece))
                left -= len(piece)
                yield bytes(piece)

    def _got(self, index: int, fetched: Callable[[int], Result]) -> Result:
        if not 0 <= index < self.page_count:
            raise IndexError(f"page {index + 1} of {self.page_count}")
        with self._guard:
            if self._deaths >= self._limits.deaths:
                raise findings.unreadable("given-up", index + 1)
            used = self._served > 0
            try:
                return fetched(index)
            except _Died as died:
                code = died.code
            if code is None or (used and code != "time"):
                try:
                    return fetched(index)  # what earlier pages had left behind may have been at fault
                except _Died as died:
                    code = died.code
            self._deaths += 1
            raise findings.unreadable(code or "crash", index + 1)

    def close(self) -> None:
        """End the child and close the file; again does nothing."""
        with self._guard:
            if self._child is not None:
                self._child.leave()
                self._child = None
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _open(self, page: int | None) -> None:
        """Have a fresh child open the file; `page`, counted from 1, is what it is opened for."""
        blameless = True
        while True:
            try:
                self._open_once(page)
                return
            except _Died as died:
                if died.code is None and blameless:
                    blameless = False
                elif self._thorough:
                    self._thorough = False
                elif died.code is None:
                    raise SandboxUnavailable("the decode process ended unexpectedly") from None
                else:
                    raise findings.unreadable(died.code, page) from None

    def _open_once(self, page: int | None) -> None:
        if self._file < 0:
            raise ValueError("the source is closed")
        self._child, self._served = self._launcher.child(self._file), 0
        request = {"kind": self.kind, "password": self._password, "thorough": self._thorough}
        with self._listening() as child:
            answer = self._ask(child, request, share=2 if self.kind in _TWO_WAYS else 1)
            if "refused" in answer:
                error = findings.refused(answer, self._limits, page)
                self._bury()
                raise error
            found = answers.opening(answer, self._limits)
            if self.page_count not in (0, found.pages):
                raise Garbled("another number of pages than before")
        self.page_count, self.notes = found.pages, found.notes

    def _fetched_text(self, index: int) -> TextLayer:
        with self._answer({"text": index}, index) as (child, answer):
            head = layers.layer_head(answer, self._limits)
            body = bytearray(head.length)
            child.fill(memoryview(body))
            return layers.layer_of(head, body)

    def _fetched(self, index: int) -> PageImage:
        with self._answer({"page": index}, index) as (child, answer):
            head = answers.page_head(answer, self._limits)
            pixels = np.empty(head.shape, np.uint8)
            child.fill(pixels.reshape(-1).data)
        pixels.flags.writeable = False
        return PageImage(pixels, head.dpi, head.scale, head.notes)

    @contextmanager
    def _answer(self, request: dict[str, Any], index: int) -> Iterator[tuple[Child, dict[str, Any]]]:
        """The child and what it answers about page `index`; raises what it refuses, and _Died."""
        if self._child is None:
            self._open(index + 1)
        with self._listening() as child:
            answer = self._ask(child, request)
            self._served += 1
            if "refused" in answer:
                raise findings.refused(answer, self._limits, index + 1)
            yield child, answer

    def _ask(self, child: Child, request: dict[str, Any], share: int = 1) -> dict[str, Any]:
        """Put a request that may cost 1/`share` of what is allowed."""
        limits = self._limits
        request["cpu"] = max(1, limits.cpu_seconds // share)
        return child.ask(request, limits.clock_seconds / share)

    @contextmanager
    def _listening(self) -> Iterator[Child]:
        """The child, to be talked to; raises _Died when it fails to answer."""
        if self._child is None:
            raise ValueError("the source is closed")
        try:
            yield self._child
        except Gone:
            raise _Died(self._bury()) from None
        except TimeoutError:
            self._bury()
            raise _Died("time") from None
        except Garbled:
            self._bury()
            raise _Died("crash") from None

    def _bury(self) -> str | None:
        """End the child; the code of REFUSALS for how it died, None when its zygote died with it."""
        child, self._child = self._child, None
        status = None if child is None else child.end()
        if status is None:
            return None
        return _DEATHS.get(os.waitstatus_to_exitcode(status), "crash")
