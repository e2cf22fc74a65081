"""Keep one zygote alive and have it fork a child a document."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ocrchat.errors import SandboxUnavailable
from ocrchat.sources.limits import Limits
from ocrchat.sources.sandbox.lock import LockReport
from ocrchat.sources.sandbox.protocol import SPAWN, STATUS
from ocrchat.sources.wire import Garbled, Gone, fill, packed, received

_START_SECONDS = 60.0
"""Loading the libraries takes half a second on an idle machine."""

_END_SECONDS = 10.0
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")
"""All that a zygote gets of our environment: what is needed to load libraries."""


class Child:
    """The parent's end of one decode child."""

    def __init__(self, channel: socket.socket, leash: socket.socket) -> None:
        self._channel, self._leash = channel, leash
        self._deadline = 0.0

    def ask(self, question: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Send a question and wait for its answer until `seconds` from now.

        Raises TimeoutError, Gone or Garbled; the child is then of no more use.
        """
        self._deadline = time.monotonic() + seconds
        try:
            self._channel.settimeout(seconds)
            self._channel.sendall(packed(dict(question)))
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Gone from error
        return received(self._read)

    def fill(self, buffer: memoryview) -> None:
        """Read what follows an answer, within the time of its question; raises TimeoutError or Gone."""
        fill(self._read, buffer)

    def leave(self) -> None:
        """Let the child end; the zygote buries it."""
        self._channel.close()
        self._leash.close()

    def end(self) -> int | None:
        """Kill the child unless it has ended, and tell its wait status; None when its zygote died first."""
        self._channel.close()
        with self._leash as leash, contextlib.suppress(OSError):
            leash.shutdown(socket.SHUT_WR)
            leash.settimeout(_END_SECONDS)
            status = leash.recv(STATUS.size)
            if len(status) == STATUS.size:
                return int(STATUS.unpack(status)[0])
        return None

    def _read(self, buffer: memoryview) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._channel.settimeout(left)
        try:
            return self._channel.recv_into(buffer)
        except ConnectionResetError:
            return 0


class Launcher:
    """One zygote for this process, started at once, started again when it is found dead. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._guard = threading.Lock()
        self._report: LockReport | None = None
        self._closed = False
        self._start()

    def report(self) -> LockReport:
        """What the lock is made of; waits for the zygote. Raises SandboxUnavailable."""
        with self._guard:
            return self._ready()

    def child(self, file: int) -> Child:
        """A fresh locked child that holds descriptor `file`; raises SandboxUnavailable."""
        channel, its_channel = socket.socketpair()
        leash, its_leash = socket.socketpair()
        with its_channel, its_leash:
            try:
                self._hand_over([its_channel.fileno(), its_leash.fileno(), file])
            except BaseException:
                channel.close()
                leash.close()
                raise
        return Child(channel, leash)

    def close(self) -> None:
        """End the zygote and all its children."""
        with self._guard:
            self._closed = True
            self._stop()

    def _hand_over(self, descriptors: list[int]) -> None:
        with self._guard:
            for _ in range(2):
                self._ready()
                try:
                    socket.send_fds(self._control, [SPAWN], descriptors)
                except (BrokenPipeError, ConnectionResetError):
                    self._stop()
                else:
                    return
            raise SandboxUnavailable("the decode process keeps ending, so nothing is decoded")

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        arguments = [str(theirs.fileno()), str(os.getpid()), json.dumps(asdict(self._limits))]
        command = [sys.executable, "-s", "-P", "-m", "ocrchat.sources.sandbox.zygote", *arguments]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise SandboxUnavailable(f"the decode process cannot be started: {error.strerror}") from error
        finally:
            theirs.close()
        self._control, self._report = ours, None

    def _ready(self) -> LockReport:
        if self._closed:
            raise SandboxUnavailable("the intake is closed")
        if self._process.poll() is not None:
            self._stop()
            self._start()
        if self._report is None:
            try:
                self._report = self._greeting()
            except SandboxUnavailable:
                self._stop()
                raise
        return self._report

    def _greeting(self) -> LockReport:
        self._control.settimeout(_START_SECONDS)
        try:
            greeting = received(self._control.recv_into)
        except (OSError, Gone, Garbled) as error:
            raise SandboxUnavailable("the decode process did not start, so nothing is decoded") from error
        if not greeting["ready"]:
            raise SandboxUnavailable(f"the lock for untrusted files cannot be closed here: {greeting['why']}")
        return LockReport.from_values(greeting["lock"])

    def _stop(self) -> None:
        self._control.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    folders = os.pathsep.join(str(Path(folder).absolute()) for folder in sys.path)
    return {
        **kept,
        "PYTHONPATH": folders,
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        # huge pages: a page's pixels then cost dozens of page faults, not thousands, a third less time
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
        "OMP_NUM_THREADS": "1",
    }
