"""Turn signals into bytes that a selector sees, so that a loop may sleep until something happens."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def signals_as_bytes() -> Iterator[socket.socket]:
    """A socket on which the numbers of SIGCHLD and of the stop signals arrive, one byte each.

    So does any other signal that has a handler in Python. Main thread only. A stop signal that was
    ignored stays so (nohup; a shell's background).
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        stops = [signum for signum in STOPS if signal.getsignal(signum) != signal.SIG_IGN]
        before = {signum: signal.signal(signum, lambda *_: None) for signum in (*stops, signal.SIGCHLD)}
        previous = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        try:
            yield ours
        finally:
            signal.set_wakeup_fd(previous)
            for signum, handler in before.items():
                signal.signal(signum, handler)
