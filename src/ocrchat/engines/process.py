"""Be an engine's own process: read the page that lies in shared memory, answer, wait for the next.

Started by `ocrchat.engines.pool` alone, with three inherited descriptors: a socket for messages, a
pipe that ends when the parent does, and the memory that a page's pixels are put into. Both ends are
our own code on one machine, so messages are pickled.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from ocrchat.engines.base import Engine
from ocrchat.engines.messages import Answer, Request
from ocrchat.engines.registry import build_engine
from ocrchat.errors import EngineFailed, OcrchatError
from ocrchat.model import PageImage


def serve(name: str, threads: int, models: Path | None, messages: Connection, pixels: int) -> None:
    """Build the engine, say that it is ready, then answer until the parent hangs up."""
    try:
        engine = build_engine(name, threads, models)
    except Exception as error:
        messages.send(_told(error))
        return
    messages.send(engine.card)
    while True:
        try:
            request: Request = messages.recv()
        except EOFError:
            engine.close()
            return
        messages.send(_answer(engine, request, pixels))


def _answer(engine: Engine, request: Request, pixels: int) -> Answer:
    size = int(np.prod(request.shape))
    with mmap.mmap(pixels, size, prot=mmap.PROT_READ) as memory:
        # A copy, so that no view is left when the memory is given back.
        array = np.frombuffer(memory, np.uint8, size).reshape(request.shape).copy()
    try:
        image = PageImage(array, request.dpi, request.scale)
        return engine.read((image,), request.options)[0]
    except Exception as error:
        return _told(error)


def _told(error: Exception) -> OcrchatError:
    """An error of ours as it is; any other in the log, and by its name to the parent."""
    if isinstance(error, OcrchatError):
        return error
    traceback.print_exc()
    return EngineFailed(f"the engine failed: {type(error).__name__}")


def _leave_with_parent(lifeline: int) -> None:
    """End this process as soon as the other end of the pipe is gone, whatever it is doing."""

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def main() -> None:
    """Serve the engine named on the command line over the inherited descriptors."""
    name, threads, messages, lifeline, pixels = sys.argv[1], *map(int, sys.argv[2:6])
    models = Path(sys.argv[6]) if len(sys.argv) > 6 else None
    # Who stops the service stops the parent; the engine ends when the parent closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _leave_with_parent(lifeline)
    serve(name, threads, models, Connection(messages), pixels)


if __name__ == "__main__":
    main()
