"""Fork a locked decode child for each document: `python -m ocrchat.sources.sandbox.zygote`.

One process, one thread, all libraries loaded and warm, and no byte of a stranger ever read; its
parent asks for each child as `protocol` says. When the parent is gone, all end.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import selectors
import signal
import socket
import sys
from pathlib import Path

from ocrchat.sources import decoder, warm
from ocrchat.sources.limits import Limits
from ocrchat.sources.sandbox import probe
from ocrchat.sources.sandbox.lock import Lock
from ocrchat.sources.sandbox.protocol import DESCRIPTORS, SPAWN, STATUS
from ocrchat.sources.wire import packed

_CHILD_SOCKET, _CHILD_FILE, _CHILD_FREE = 3, 4, 5
_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def main(control_descriptor: int, parent: int, limits: Limits) -> None:
    """Warm up, lock, say ready, and fork until the parent is gone."""
    control = socket.socket(fileno=control_descriptor)
    try:
        watch = _parent_watch(parent)
        warm.up()
        lock = Lock((*_FONTS, *warm.code_folders()))
        _check(lock, limits)
    except Exception as error:  # whatever it is, the parent must learn of it
        with contextlib.suppress(OSError):
            control.sendall(packed({"ready": False, "why": f"{type(error).__name__}: {error}"[:500]}))
        return
    os.dup2(1, 2)  # standard output leads nowhere: what libraries complain about is of no use to anybody
    control.sendall(packed({"ready": True, "lock": lock.report.values()}))
    gc.collect()
    gc.freeze()
    _Zygote(control, watch, lock, limits).run()


def _parent_watch(parent: int) -> int | None:
    """A descriptor that becomes readable when the parent ends; None where there is no such thing."""
    watch = None
    if hasattr(os, "pidfd_open"):
        with contextlib.suppress(OSError):
            watch = os.pidfd_open(parent)
    if os.getppid() != parent:
        raise ProcessLookupError("the parent is gone")
    return watch


def _check(lock: Lock, limits: Limits) -> None:
    """Raise OSError where a child could get past its lock; there is none to speak of outside Linux."""
    if lock.report.seccomp and (found := probe.escapes(lock, limits.memory)):
        raise OSError(f"a child behind it could still: {', '.join(found)}")


class _Zygote:
    def __init__(self, control: socket.socket, watch: int | None, lock: Lock, limits: Limits) -> None:
        self._control, self._lock, self._limits = control, lock, limits
        self._leashes: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()
        self._wake, bell = socket.socketpair()
        self._bell = bell
        bell.setblocking(False)
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._selector.register(control, selectors.EVENT_READ)
        if watch is not None:
            self._selector.register(watch, selectors.EVENT_READ)
        self._watch = watch

    def run(self) -> None:
        """Serve until the parent is gone, then kill what is left."""
        try:
            while self._serve():
                pass
        finally:
            for child in self._leashes:
                os.kill(child, signal.SIGKILL)

    def _serve(self) -> bool:
        for key, _ in self._selector.select():
            if key.fileobj is self._control:
                if not self._spawn():
                    return False
            elif key.fileobj is self._wake:
                self._reap()
            elif key.fileobj == self._watch:
                return False
            elif key.data in self._leashes:
                os.kill(key.data, signal.SIGKILL)
                self._selector.unregister(key.fileobj)
        return True

    def _spawn(self) -> bool:
        byte, given, _, _ = socket.recv_fds(self._control, 1, DESCRIPTORS)
        if byte != SPAWN or len(given) != DESCRIPTORS:
            return False
        zygote = os.getpid()
        child = os.fork()
        if not child:
            _be_child(given, self._lock, self._limits, zygote)
        leash = socket.socket(fileno=given[1])
        os.close(given[0])
        os.close(given[2])
        self._leashes[child] = leash
        self._selector.register(leash, selectors.EVENT_READ, child)
        return True

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake.recv(64):
                pass
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                child, status = ended
                leash = self._leashes.pop(child)
                with contextlib.suppress(KeyError):
                    self._selector.unregister(leash)
                with contextlib.suppress(OSError):
                    leash.sendall(STATUS.pack(status))
                leash.close()


def _be_child(given: list[int], lock: Lock, limits: Limits, zygote: int) -> None:
    """Lock this process, then decode for as long as its parent asks; never returns."""
    code = os.EX_SOFTWARE
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        own, _, file = (fcntl.fcntl(one, fcntl.F_DUPFD, _CHILD_FREE) for one in given)
        os.dup2(own, _CHILD_SOCKET)
        os.dup2(file, _CHILD_FILE)
        os.closerange(_CHILD_FREE, os.sysconf("SC_OPEN_MAX"))
        lock.close(limits.memory, zygote)
        decoder.serve(_CHILD_SOCKET, _CHILD_FILE, limits)
        code = os.EX_OK
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Limits(**json.loads(sys.argv[3])))
    os._exit(os.EX_OK)  # nothing is left to tidy up, and a closing intake waits for this
