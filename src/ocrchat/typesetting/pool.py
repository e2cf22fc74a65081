"""Keep typesetters in processes of their own: layout is Python's work, which threads cannot share."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from queue import LifoQueue
from types import TracebackType

from ocrchat.typesetting.sheet import Set, Sheet

START_SECONDS = 60.0
"""How much longer the first page may take, on a busy machine."""
PAGE_SECONDS = 20.0
"""How long a page may take; one that takes longer is no page of text, and read from its picture."""


class Typesetters(AbstractContextManager["Typesetters"]):
    """Some processes behind one blocking call; safe to use from many threads. Each takes 100 MB.

    They are started when first needed and end with the process that made the pool, however that ends.
    """

    def __init__(self, size: int, page_seconds: float = PAGE_SECONDS) -> None:
        self.size = size
        self._page_seconds = page_seconds
        self._free: LifoQueue[_Process | None] = LifoQueue()
        for _ in range(size):
            self._free.put(None)

    def start(self) -> None:
        """Start those that are free, without waiting until they are ready."""
        slots = [self._free.get() for _ in range(self.size)]
        for slot in slots:
            self._free.put(slot or _Process())

    def set_page(self, sheet: Sheet) -> Set:
        """What `sheet.set_page` makes of it; nothing where that breaks, or takes too long."""
        process = self._free.get()
        try:
            process = process or _Process()
            answer = process.ask(sheet, self._page_seconds)
            if answer is None:
                process.end()
                process = None
            return answer or Set()
        finally:
            self._free.put(process)

    def processes(self) -> tuple[int, ...]:
        """The ids of those that are started and free."""
        slots = list(self._free.queue)
        return tuple(slot.id for slot in slots if slot is not None)

    def close(self) -> None:
        """End all of them; those at work finish their page."""
        slots = [self._free.get() for _ in range(self.size)]
        for slot in slots:
            if slot is not None:
                slot.end()
            self._free.put(None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Process:
    """The parent's end of one typesetter."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        self._has_answered = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ocrchat.typesetting.process", str(theirs.fileno()), str(lifeline)],
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(), lifeline),
        )
        theirs.close()
        os.close(lifeline)
        self._messages = Connection(ours.detach())

    @property
    def id(self) -> int:
        """The process's."""
        return self._process.pid

    def ask(self, sheet: Sheet, seconds: float) -> Set | None:
        """Its answer; None where there is none, and this process is of no more use."""
        try:
            self._messages.send(sheet)
            if not self._messages.poll(seconds + (0.0 if self._has_answered else START_SECONDS)):
                return None
            answer: Set = self._messages.recv()
        except (EOFError, OSError):
            return None
        self._has_answered = True
        return answer

    def end(self) -> None:
        """Hang up, and take care that the process is gone: it ends as soon as its lifeline does."""
        self._messages.close()
        os.close(self._lifeline)
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
