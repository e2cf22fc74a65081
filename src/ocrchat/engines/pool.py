"""Keep engines in processes of their own, so that one that dies or hangs costs one page."""

from __future__ import annotations

import mmap
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from typing import TypeVar

import numpy as np

from ocrchat.engines.base import EngineCard
from ocrchat.engines.messages import Answer, Request
from ocrchat.errors import EngineDied, OcrchatError
from ocrchat.model import Page, PageImage
from ocrchat.options import Options

START_SECONDS = 120.0
"""How long an engine may take to load its models."""
HEAP = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": str(1 << 25)}
"""How glibc keeps an engine's heap, unless the environment says otherwise: whole, and what is free at its end
given back. Pages of 36 languages and 36 scans and photos took an engine with two threads to 1.6 GB, without
these to 2.1, in the same processor time.
"""

Result = TypeVar("Result")


class EnginePool:
    """Some engine processes behind one blocking call; safe to use from many threads.

    A process that dies, or takes longer than `page_seconds` for a page, is ended and replaced at
    the next call; the page's caller gets EngineDied. Engines end with the process that made the
    pool, however that ends. `models` is an operator's own folder of them.
    """

    def __init__(
        self,
        engine: str,
        size: int = 1,
        threads: int = 1,
        page_seconds: float = 120.0,
        models: Path | None = None,
    ) -> None:
        self.size = size
        self._engine, self._threads, self._page_seconds = engine, threads, page_seconds
        self._models = models
        self._closed = self._is_started = False
        self._free: LifoQueue[_EngineProcess | None] = LifoQueue()
        for _ in range(size):
            self._free.put(None)

    def start(self) -> None:
        """Start every engine at once and return when all are ready; raises what a failed one says."""
        slots = [self._free.get() for _ in range(self.size)]
        started = [slot or self._new() for slot in slots]
        try:
            for process in started:
                process.card()
        except OcrchatError:
            for process in started:
                process.end()
            started = []
            raise
        finally:
            for place in range(self.size):
                self._free.put(started[place] if started else None)

    @property
    def is_started(self) -> bool:
        """Whether an engine was needed so far."""
        return self._is_started

    @property
    def card(self) -> EngineCard:
        """The engine's card; starts one engine when none has been started yet."""
        return self._with_engine(lambda process: process.card())

    def read(self, image: PageImage, options: Options) -> Page:
        """The page as an engine read it; waits while all engines are busy.

        Raises RequestError and EngineFailed as the engine does, EngineDied when it died or hung.
        """
        return self._with_engine(lambda process: process.read(image, options, self._page_seconds))

    def close(self) -> None:
        """End all engines, once; one that is reading a page answers it first."""
        if self._closed:
            return
        self._closed = True
        for _ in range(self.size):
            process = self._free.get()
            if process is not None:
                process.end()

    def _new(self) -> _EngineProcess:
        self._is_started = True
        return _EngineProcess(self._engine, self._threads, self._models)

    def _with_engine(self, use: Callable[[_EngineProcess], Result]) -> Result:
        if self._closed:
            raise EngineDied("the engines are closed")
        process = self._free.get()
        try:
            process = process or self._new()
            return use(process)
        except OcrchatError as error:
            if process is not None and (isinstance(error, EngineDied) or not process.is_ready):
                process.end()
                process = None
            raise
        finally:
            self._free.put(process)


class _EngineProcess:
    """The parent's end of one engine process."""

    def __init__(self, engine: str, threads: int, models: Path | None) -> None:
        ours, theirs = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        self._pixels = _shared_memory()
        self._card: EngineCard | None = None
        inherited = (theirs.fileno(), lifeline, self._pixels)
        wishes = (engine, str(threads), *map(str, inherited), *([str(models)] if models else []))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ocrchat.engines.process", *wishes],
            stdin=subprocess.DEVNULL,
            pass_fds=inherited,
            env=HEAP | os.environ,
        )
        theirs.close()
        os.close(lifeline)
        self._messages = Connection(ours.detach())

    @property
    def is_ready(self) -> bool:
        """Whether the engine has shown its card."""
        return self._card is not None

    def card(self) -> EngineCard:
        """What the engine says of itself once it is ready."""
        if self._card is None:
            card = self._answer(START_SECONDS)
            if not isinstance(card, EngineCard):
                raise EngineDied("the engine answered out of turn")
            self._card = card
        return self._card

    def read(self, image: PageImage, options: Options, seconds: float) -> Page:
        """The page that the engine makes of an image. EngineDied: this process is of no more use."""
        self.card()
        pixels = np.ascontiguousarray(image.pixels)
        try:
            os.ftruncate(self._pixels, pixels.nbytes)
            with mmap.mmap(self._pixels, pixels.nbytes) as memory:
                memory.write(pixels.data)
            self._messages.send(Request(pixels.shape, image.dpi, image.scale, options))
        except OSError as error:
            raise EngineDied(f"the engine cannot be reached: {error}") from error
        page = self._answer(seconds)
        if not isinstance(page, Page):
            raise EngineDied("the engine answered out of turn")
        return page

    def end(self) -> None:
        """Hang up, and take care that the process is gone."""
        self._messages.close()
        os.close(self._lifeline)
        os.close(self._pixels)
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answer(self, seconds: float) -> EngineCard | Page:
        try:
            if not self._messages.poll(seconds):
                self._process.kill()
                raise EngineDied(f"the engine gave no answer within {seconds:g} seconds")
            answer: Answer = self._messages.recv()
        except (EOFError, OSError) as error:
            raise EngineDied("the engine died while it read") from error
        if isinstance(answer, OcrchatError):
            raise answer
        return answer


def _shared_memory() -> int:
    """A descriptor of memory that another process can map; a deleted file where the system has no memfd."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("ocrchat-page")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
