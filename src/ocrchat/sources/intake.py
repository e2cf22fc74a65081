"""Open a stranger's file in a locked child and fetch its pages."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import stat
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeGuard

import numpy as np

from ocrchat.errors import DamagedSource, SandboxUnavailable, SourceTooLarge, UnsupportedType
from ocrchat.model import Note, PageImage
from ocrchat.sources import findings
from ocrchat.sources.limits import Limits
from ocrchat.sources.sandbox.launcher import Child, Launcher
from ocrchat.sources.sandbox.lock import LockReport
from ocrchat.sources.sniff import ACCEPTED, HEAD, SourceKind, guess_of, kind_of
from ocrchat.sources.wire import Garbled, Gone

_DEATHS = {signal.SIGXCPU: "time", signal.SIGABRT: "memory", signal.SIGKILL: "memory"}
_MOST_NOTES = 100


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


class OpenSource:
    """An open document; close it, or use it as a context manager. Threads take turns."""

    def __init__(
        self, launcher: Launcher, file: int, kind: SourceKind, password: str | None, limits: Limits
    ) -> None:
        self._launcher, self._file, self._limits = launcher, file, limits
        self._password = password
        self._guard = threading.Lock()
        self._child: Child | None = None
        self._served = self._deaths = 0
        self.kind = kind
        """What the file is, told from its bytes."""
        self.page_count = 0
        """Pages that the file has, those that are lost included; at least 1."""
        self.notes: tuple[Note, ...] = ()
        """What is missing or odd about the document."""
        self._open_child()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def page(self, index: int) -> PageImage:
        """The image of page `index`, counted from 0, upright as the file shows it.

        Raises PageUnreadable; the other pages can still be read. A page that breaks the decoder costs
        the start of another child, some milliseconds.
        """
        if not 0 <= index < self.page_count:
            raise IndexError(f"page {index + 1} of {self.page_count}")
        with self._guard:
            if self._deaths >= self._limits.deaths:
                raise findings.unreadable("given-up", index + 1)
            for again in (True, False):
                death = None
                if self._child is None:
                    self._open_child(index)
                fresh = not self._served
                try:
                    return self._fetched(index)
                except Gone:
                    death = self._buried()
                except (TimeoutError, Garbled) as error:
                    self._buried()
                    death = "time" if isinstance(error, TimeoutError) else "crash"
                if again and (death is None or (death != "time" and not fresh)):
                    continue
                break
            self._deaths += 1
            raise findings.unreadable(death or "crash", index + 1)

    def close(self) -> None:
        """End the child and close the file; again does nothing."""
        with self._guard:
            self._buried()
            if self._file >= 0:
                os.close(self._file)
                self._file = -1

    def _open_child(self, index: int | None = None) -> None:
        page = None if index is None else index + 1
        if self._file < 0:
            raise ValueError("the source is closed")
        for again in (True, False):
            self._child, self._served = self._launcher.child(self._file), 0
            try:
                answer = self._child.ask(
                    {"kind": self.kind, "password": self._password}, self._limits.clock_seconds
                )
                if "refused" in answer:
                    error = findings.refused(answer, self._limits, page)
                    self._buried()
                    raise error
                self._note_opening(answer)
                return
            except Gone:
                death = self._buried()
                if death is None and again:
                    continue
                if death is None:
                    raise SandboxUnavailable("the decode process ended unexpectedly") from None
                raise findings.unreadable(death, page) from None
            except TimeoutError:
                self._buried()
                raise findings.unreadable("time", page) from None
            except Garbled:
                self._buried()
                raise findings.unreadable("crash", page) from None

    def _note_opening(self, answer: Mapping[str, Any]) -> None:
        pages, remarks = answer.get("pages"), answer.get("remarks")
        if (
            not _whole(pages, 1, self._limits.pages)
            or not isinstance(remarks, list)
            or len(remarks) > _MOST_NOTES
        ):
            raise Garbled("an opening without pages")
        notes = []
        for remark in remarks:
            if not isinstance(remark, list) or len(remark) != 3:
                raise Garbled("a remark that is none")
            code, figures, page = remark
            if page is not None and not _whole(page, 1, pages):
                raise Garbled("a remark on no page")
            notes.append(findings.note(code, figures, page))
        if self.page_count and self.page_count != pages:
            raise Garbled("another number of pages than before")
        self.page_count, self.notes = pages, tuple(notes)

    def _fetched(self, index: int) -> PageImage:
        child = self._child
        if child is None:
            raise Gone
        answer = child.ask({"page": index}, self._limits.clock_seconds)
        self._served += 1
        if "refused" in answer:
            raise findings.refused(answer, self._limits, index + 1)
        shape, image = _checked(answer, self._limits)
        pixels = np.empty(shape, np.uint8)
        child.fill(pixels.reshape(-1).data)
        pixels.flags.writeable = False
        return PageImage(pixels, **image)

    def _buried(self) -> str | None:
        """End the child; the code of REFUSALS for how it died, None when its zygote died with it."""
        child, self._child = self._child, None
        status = None if child is None else child.end()
        if status is None:
            return None
        with contextlib.suppress(ValueError):
            if os.WIFSIGNALED(status):
                return _DEATHS.get(signal.Signals(os.WTERMSIG(status)), "crash")
        return "crash"


def _checked(answer: Mapping[str, Any], limits: Limits) -> tuple[tuple[int, ...], dict[str, Any]]:
    """Shape and attributes of a page, held against the limits; raises Garbled."""
    width, height, channels = answer.get("width"), answer.get("height"), answer.get("channels")
    if not (_whole(width, 1, limits.side) and _whole(height, 1, limits.side) and channels in (1, 3)):
        raise Garbled("a page of impossible size")
    if width * height > max(limits.pixels, limits.pdf_pixels):
        raise Garbled("a page larger than allowed")
    dpi, scale, remarks = answer.get("dpi"), answer.get("scale"), answer.get("remarks")
    if not (_positive(scale) and (dpi is None or _positive(dpi))):
        raise Garbled("a page of impossible scale")
    if not isinstance(remarks, list) or len(remarks) > _MOST_NOTES:
        raise Garbled("remarks that are none")
    if any(not isinstance(remark, list) or len(remark) != 2 for remark in remarks):
        raise Garbled("remarks that are none")
    notes = tuple(findings.note(code, figures) for code, figures in remarks)
    shape = (height, width) if channels == 1 else (height, width, 3)
    return shape, {"dpi": dpi, "scale": float(scale), "notes": notes}


def _whole(value: Any, least: int, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _positive(value: Any) -> TypeGuard[float]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(value) and value > 0
