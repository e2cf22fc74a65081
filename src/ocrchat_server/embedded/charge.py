"""One child in a supervisor's charge: its process, what it prints, its record."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from enum import Enum, auto

from .child import Child
from .output import Lines, open_log, tail
from .restarts import Patience, Restarts
from .spawn import spawn

READY_EVERY_S = 0.05
KILL_AFTER_S = 10.0  # from quit_signal to SIGKILL


class State(Enum):
    IDLE = auto()  # not started yet, or pausing before the next start
    STARTING = auto()  # runs, and is not known to be ready
    UP = auto()
    STOPPING = auto()
    DONE = auto()  # ended, and not to be started again


class Charge:
    """`due` is when something has to be done about it next (monotonic seconds), None when nothing has."""

    def __init__(self, child: Child, patience: Patience) -> None:
        self.child = child
        self.state = State.IDLE
        self.process: subprocess.Popen[bytes] | None = child.running
        self.lines: Lines | None = None
        self.restarts = Restarts(patience)
        self.due: float | None = None
        self.was_up = False
        self.started = time.monotonic()
        self._blows = self._ladder()

    def wants(self, now: float) -> bool:
        """Whether there is something to do: the first start, or whatever `due` was set for."""
        return self.state is State.IDLE if self.due is None else self.due <= now

    def start(self, announce: Callable[[str], None]) -> None:
        """Start the process, or take over the one that runs; raises what `before` and spawning raise."""
        child, self.started = self.child, time.monotonic()
        if self.process is None or self.process.returncode is not None:
            if child.before is not None:
                child.before()
            self.process = self._spawned(announce)
        self.state, self.due = State.STARTING, self.started
        if child.ready is None and child.restart == "always":
            self._is_up()

    def look(self, now: float) -> bool:
        """Ask whether it is ready; False when it took too long and was killed for it."""
        if self.child.ready is None:  # a step: its end will tell
            self.due = None
        elif self.child.ready():
            self._is_up()
            self.restarts = self.restarts.ready()
        elif now - self.started > self.child.ready_within_s:
            self.kill()
            self.due = None
            return False
        else:
            self.due = time.monotonic() + READY_EVERY_S
        return True

    def stop(self, now: float) -> signal.Signals:
        """Send the next signal of stop_signal, quit_signal, SIGKILL; say which it was."""
        self.state = State.STOPPING
        blow, patience = next(self._blows)
        self.due = now + patience
        if blow == signal.SIGKILL:
            self.kill()
        elif self.process is not None:
            self.process.send_signal(blow)
        return blow

    def kill(self) -> None:
        """SIGKILL for the process and for what it left in its group."""
        if self.process is not None and self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def ended(self) -> int | None:
        """The status once the process has ended (negative: the signal), None before.

        Before the dead process is reaped, while its number is still its own, the rest of its group is killed:
        what it started does not outlive it.
        """
        if self.process is None or self.process.returncode is not None:
            return None
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return None
        self.kill()
        return self.process.wait()

    def close(self) -> None:
        """Announce what the ended process still had to say."""
        if self.lines is not None:
            self.lines.finish()
            self.lines = None
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()

    def last_words(self) -> str:
        """The end of its log, for the person at the terminal; empty if its lines were announced anyway."""
        said = tail(self.child.log) if self.child.log else ""
        return f"; the last lines of {self.child.log}:\n{said}" if said else ""

    def _spawned(self, announce: Callable[[str], None]) -> subprocess.Popen[bytes]:
        child, death_signal = self.child, self.child.death_signal or self.child.stop_signal
        if child.log is not None:
            with open_log(child.log) as log:
                return spawn(
                    child.argv,
                    env=child.env,
                    cwd=child.cwd,
                    account=child.account,
                    stdout=log,
                    death_signal=death_signal,
                )
        process = spawn(
            child.argv,
            env=child.env,
            cwd=child.cwd,
            account=child.account,
            stdout=subprocess.PIPE,
            death_signal=death_signal,
        )
        if process.stdout is not None:
            self.lines = Lines(process.stdout.fileno(), child.name, announce)
        return process

    def _is_up(self) -> None:
        self.state, self.due, self.was_up = State.UP, None, True

    def _ladder(self) -> Iterator[tuple[signal.Signals, float]]:
        """Each signal with the seconds until the next."""
        yield self.child.stop_signal, self.child.grace_s
        if self.child.quit_signal is not None:
            yield self.child.quit_signal, KILL_AFTER_S
        while True:
            yield signal.SIGKILL, 1.0
