"""Keep Tesseract's handles: one a thread and model, the least recently used given back."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_IDLE = 12
"""Handles kept open; one holds 10 to 90 MB."""


@dataclass(frozen=True, slots=True)
class HandleKey:
    """What a handle was opened with: a folder, models joined by `+`, a page segmentation mode."""

    folder: Path
    models: str
    mode: int


class TesseractHandles:
    """Opens handles as they are needed (8 to 60 ms each) and lends each to one thread at a time."""

    def __init__(self, most_idle: int = MOST_IDLE) -> None:
        self._most_idle = most_idle
        self._idle: OrderedDict[int, tuple[HandleKey, Any]] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def borrowed(self, key: HandleKey) -> Iterator[Any]:
        """A `PyTessBaseAPI` for the block; its image is cleared afterwards.

        The LSTM alone learns nothing from an image; to clear the old classifier as well takes 1 ms a word.
        """
        handle = self._taken(key) or _opened(key)
        try:
            yield handle
        finally:
            handle.Clear()
            self._put_back(key, handle)

    def close(self) -> None:
        """End all idle handles."""
        with self._lock:
            handles = [handle for _, handle in self._idle.values()]
            self._idle.clear()
        for handle in handles:
            handle.End()

    def _taken(self, key: HandleKey) -> Any | None:
        with self._lock:
            for name, (held, handle) in reversed(self._idle.items()):
                if held == key:
                    del self._idle[name]
                    return handle
        return None

    def _put_back(self, key: HandleKey, handle: Any) -> None:
        with self._lock:
            self._idle[id(handle)] = (key, handle)
            spare = self._idle.popitem(last=False)[1][1] if len(self._idle) > self._most_idle else None
        if spare is not None:
            spare.End()


def _opened(key: HandleKey) -> Any:
    import tesserocr

    handle = tesserocr.PyTessBaseAPI(
        path=f"{key.folder}/", lang=key.models, psm=key.mode, oem=tesserocr.OEM.LSTM_ONLY
    )
    # The strip's own polarity has been seen to; Tesseract would read doubtful lines twice.
    handle.SetVariable("tessedit_do_invert", "0")
    return handle
