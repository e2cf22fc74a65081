"""Be a typesetter's own process: make a page of a sheet, answer, wait for the next.

Started by `ocrchat.typesetting.pool` alone, with two inherited descriptors: a socket for messages, and a
pipe that ends when the parent does. Both ends are our own code on one machine, so messages are pickled.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import traceback
from multiprocessing.connection import Connection

from ocrchat.text_pages import language_of
from ocrchat.typesetting.sheet import Set, Sheet, set_page

_OBJECTS = 50_000


def serve(messages: Connection) -> None:
    """Answer until the parent hangs up; a sheet that breaks us is left to whoever reads pictures."""
    language_of("what names languages is loaded before the first page comes", ())
    _collect_seldom()
    while True:
        try:
            sheet: Sheet = messages.recv()
        except EOFError:
            return
        try:
            answer = set_page(sheet)
        except Exception:
            traceback.print_exc()
            answer = Set()
        messages.send(answer)


def _collect_seldom() -> None:
    """Look for circles in what pages leave, of which they make none, every ten pages or so."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS)


def main() -> None:
    """Serve over the inherited descriptors; end as soon as the parent does, whatever we are doing."""
    messages, lifeline = map(int, sys.argv[1:3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        os.read(lifeline, 1)
        os._exit(0)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
    serve(Connection(messages))


if __name__ == "__main__":
    main()
