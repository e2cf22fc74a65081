"""Fork a locked decode child for each document: `python -m ocrchat.sources.sandbox.zygote`.

One process, one thread, all libraries loaded and warm, and no byte of a stranger ever read; its
parent asks for each child as `protocol` says. When the parent is gone, all end.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from ocrchat.sources import decoder, warm
from ocrchat.sources.limits import Limits
from ocrchat.sources.sandbox import probe
from ocrchat.sources.sandbox.lock import Lock
from ocrchat.sources.sandbox.protocol import DESCRIPTORS, SPAWN, STATUS
from ocrchat.sources.wire import packed

_FIRST_FREE = 3
"""The descriptor after standard error."""

_PAUSE = 0.05
"""Seconds without an event after which a spare child is forked; sooner, it would slow a document down."""

_DOCUMENT = struct.Struct("=2i")
"""Descriptors that a child is given: its socket, its file."""

_FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def main(control_descriptor: int, parent: int, limits: Limits) -> None:
    """Warm up, lock, say ready, and fork until the parent is gone."""
    control = socket.socket(fileno=control_descriptor)
    try:
        watch = _parent_watch(parent)
        warm.up()
        rehearsal = warm.Rehearsal()
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
    _Zygote(control, watch, lock, limits, rehearsal).run()


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


@dataclass(frozen=True, slots=True)
class _Spare:
    """A child that is locked already and waits for its document; forking and locking it cost 7 ms."""

    process: int
    link: socket.socket


class _Zygote:
    def __init__(
        self,
        control: socket.socket,
        watch: int | None,
        lock: Lock,
        limits: Limits,
        rehearsal: warm.Rehearsal,
    ) -> None:
        self._control, self._lock, self._limits = control, lock, limits
        self._watch, self._rehearsal = watch, rehearsal
        self._leashes: dict[int, socket.socket] = {}
        self._spare: _Spare | None = None
        self._wake, self._bell = socket.socketpair()
        self._wake.setblocking(False)
        self._bell.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._selector.register(control, selectors.EVENT_READ)
        if watch is not None:
            self._selector.register(watch, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the parent is gone, then kill what is left."""
        try:
            self._spare = self._forked(self._rehearsal)
            while self._serve():
                pass
        finally:
            for child in self._leashes:
                os.kill(child, signal.SIGKILL)

    def _serve(self) -> bool:
        events = self._selector.select(None if self._spare else _PAUSE)
        if not events:
            self._spare = self._forked(self._rehearsal)
        for key, _ in events:
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
        """Give the spare child its document; the next one is forked when nothing else is to be done."""
        byte, given, _, _ = socket.recv_fds(self._control, 1, DESCRIPTORS)
        if byte != SPAWN or len(given) != DESCRIPTORS:
            return False
        channel, leash, file = given
        if not (child := self._handed_over(channel, file)):
            child = self._handed_over(channel, file)
        os.close(channel)
        os.close(file)
        if child:
            self._leashes[child] = socket.socket(fileno=leash)
            self._selector.register(self._leashes[child], selectors.EVENT_READ, child)
        else:
            os.close(leash)
        return True

    def _handed_over(self, channel: int, file: int) -> int:
        """The child that now has these descriptors; 0 when it was dead."""
        spare, self._spare = self._spare or self._forked(), None
        with spare.link, contextlib.suppress(OSError):
            socket.send_fds(spare.link, [SPAWN], [channel, file])
            return spare.process
        return 0

    def _forked(self, rehearsal: warm.Rehearsal | None = None) -> _Spare:
        near, far = socket.socketpair()
        zygote = os.getpid()
        child = os.fork()
        if not child:
            _be_child(far, self._lock, self._limits, zygote, rehearsal)
        far.close()
        return _Spare(child, near)

    def _reap(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._wake.recv(64):
                pass
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._report(*ended)

    def _report(self, child: int, status: int) -> None:
        if leash := self._leashes.pop(child, None):
            with contextlib.suppress(KeyError):
                self._selector.unregister(leash)
            with leash, contextlib.suppress(OSError):
                leash.sendall(STATUS.pack(status))


def _be_child(
    link: socket.socket, lock: Lock, limits: Limits, zygote: int, rehearsal: warm.Rehearsal | None
) -> None:
    """Lock this process, wait for a document, decode for as long as its parent asks; never returns.

    One for which no document waits yet may rehearse before that.
    """
    code = os.EX_SOFTWARE
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if rehearsal:
            rehearsal.run()
        for first, end in ((_FIRST_FREE, link.fileno()), (link.fileno() + 1, os.sysconf("SC_OPEN_MAX"))):
            os.closerange(first, end)
        lock.close(limits.memory, zygote)
        _, given, _, _ = link.recvmsg(1, socket.CMSG_SPACE(_DOCUMENT.size))
        if given:
            channel, file = _DOCUMENT.unpack(given[0][2])
            link.close()
            decoder.serve(channel, file, limits)
        code = os.EX_OK
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Limits(**json.loads(sys.argv[3])))
    os._exit(os.EX_OK)  # nothing is left to tidy up, and a closing intake waits for this
