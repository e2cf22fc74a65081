"""Start processes in order, start again those that die, stop them in the reverse order.

One loop in the main thread that sleeps until a signal comes, a child prints, or something is due. Children
run in sessions of their own, so Ctrl-C reaches the supervisor alone and it decides who ends when. If the
supervisor is killed, the kernel sends each child its death signal (lifeline); what a child starts is that
child's own duty, but a child that ended takes its process group with it.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from itertools import groupby

from .charge import Charge, State
from .child import Child
from .errors import EmbeddedError
from .restarts import Patience
from .wakeup import STOPS, signals_as_bytes

SAME_WISH_S = 1.0  # stop signals this close together are one wish: a terminal and `make` may each send theirs


class Supervisor:
    """The children of one `run`, in the order they are started."""

    def __init__(
        self,
        children: Sequence[Child],
        announce: Callable[[str], None],
        *,
        when_up: Callable[[], None] | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`announce` takes each line for whoever watches; `when_up` is called once, when all are ready."""
        self._charges = [Charge(child, patience or Patience()) for child in children]
        numbered = enumerate(self._charges)
        by_group = groupby(numbered, key=lambda pair: pair[1].child.group or pair[0])
        self._groups = [[charge for _, charge in pairs] for _, pairs in by_group]
        self._announce, self._when_up = announce, when_up
        self._selector: selectors.BaseSelector = selectors.DefaultSelector()
        self._stop_wished: float | None = None
        self._status = 0

    def run(self) -> int:
        """Supervise until SIGINT, SIGTERM or SIGHUP, then stop all: 0.

        1 when a step failed or a child could not be brought up at all; the reason was announced. A second
        stop signal, a second or more after the first, cuts short the patience with whoever is being stopped.
        """
        with signals_as_bytes() as wakeup, self._selector:
            self._selector.register(wakeup, selectors.EVENT_READ)
            try:
                while not all(charge.state is State.DONE for charge in self._charges):
                    self._bury()  # first: a child that ran already may have ended before its signal was heard
                    self._go_on()
                    self._listen(wakeup, self._pause())
            finally:
                self._abandon()
        return self._status

    def _go_on(self) -> None:
        """Do whatever is due now: start, ask, or stop."""
        if self._stop_wished is None:
            self._start_in_order()
        if self._stop_wished is not None:
            self._stop_in_order()

    def _start_in_order(self) -> None:
        for group in self._groups:
            for charge in group:
                if charge.wants(time.monotonic()):
                    self._attend(charge)
            if not all(charge.was_up for charge in group):
                return
        if self._when_up is not None:
            self._when_up()
            self._when_up = None

    def _attend(self, charge: Charge) -> None:
        if charge.state is State.IDLE:
            try:
                charge.start(self._say)
            except (OSError, EmbeddedError) as error:
                self._fell(charge, f"could not be started ({error})")
                return
            if charge.lines is not None:
                self._selector.register(charge.lines.fd, selectors.EVENT_READ, charge.lines)
        elif not charge.look(time.monotonic()):
            self._say(f"{charge.child.name} is not ready after {charge.child.ready_within_s:.0f} s: killed")
        if charge.state is State.UP and charge.child.ready is not None:
            self._say(f"{charge.child.name} is ready")

    def _stop_in_order(self) -> None:
        for group in reversed(self._groups):
            for charge in group:
                if charge.process is None or charge.process.returncode is not None:
                    charge.state, charge.due = State.DONE, None
                elif charge.state is not State.STOPPING:
                    self._say(f"stopping {charge.child.name}")
                    charge.stop(time.monotonic())
                elif charge.due is not None and charge.due <= time.monotonic():
                    self._say(f"{charge.child.name} has not ended: {charge.stop(time.monotonic()).name}")
            if not all(charge.state is State.DONE for charge in group):
                return

    def _pause(self) -> float | None:
        """Seconds until something is due; None when only a signal or a line can change anything."""
        if all(charge.state is State.DONE for charge in self._charges):
            return 0.0
        waiting = self._charges if self._stop_wished is None else self._stopping()
        due = [charge.due for charge in waiting if charge.due is not None]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _stopping(self) -> list[Charge]:
        return [charge for charge in self._charges if charge.state is State.STOPPING]

    def _listen(self, wakeup: socket.socket, pause: float | None) -> None:
        for key, _ in self._selector.select(pause):
            if key.fileobj is wakeup:
                with contextlib.suppress(BlockingIOError):
                    for number in wakeup.recv(4096):
                        if number in STOPS:
                            self._wish_to_stop(signal.Signals(number))
            elif not key.data.read():
                self._selector.unregister(key.fileobj)

    def _wish_to_stop(self, signum: signal.Signals) -> None:
        now = time.monotonic()
        if self._stop_wished is None:
            self._say(f"{signum.name}: stopping")
            self._stop_wished = now
        elif now - self._stop_wished > SAME_WISH_S:
            for charge in self._stopping():
                charge.due = now

    def _bury(self) -> None:
        """Reap who ended, and decide what becomes of it."""
        for charge in self._charges:
            status = charge.ended()
            if status is None:
                continue
            if charge.lines is not None and charge.lines.fd in self._selector.get_map():
                self._selector.unregister(charge.lines.fd)
            charge.close()
            if self._stop_wished is not None:
                charge.state, charge.due = State.DONE, None
            elif charge.child.restart == "once" and status == 0:
                charge.state, charge.due, charge.was_up = State.DONE, None, True
            else:
                self._fell(charge, f"ended ({_how(status)}) after {time.monotonic() - charge.started:.1f} s")
        if os.getpid() == 1:
            self._bury_strangers()

    def _fell(self, charge: Charge, what: str) -> None:
        """A child failed: try again after a pause, or give up all."""
        now, name = time.monotonic(), charge.child.name
        charge.restarts = charge.restarts.ended(now - charge.started)
        if charge.child.restart == "once" or charge.restarts.is_hopeless:
            times = "" if charge.child.restart == "once" else f", {charge.restarts.at_once} times in a row"
            self._say(f"{name} {what}{times}: giving up{charge.last_words()}")
            self._status, self._stop_wished = 1, now
            charge.state, charge.due = State.DONE, None
            return
        charge.state, charge.due = State.IDLE, now + charge.restarts.pause_s
        self._say(f"{name} {what}; starting it again in {charge.restarts.pause_s:.1f} s")

    def _bury_strangers(self) -> None:
        """As process 1 of a container, reap the orphans that the kernel gives us."""
        ours = {charge.process.pid for charge in self._charges if charge.process is not None}
        with contextlib.suppress(ChildProcessError):
            while dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                if dead.si_pid in ours:
                    return  # ended just now; its SIGCHLD is on the way
                os.waitpid(dead.si_pid, 0)

    def _abandon(self) -> None:
        """Leave nobody behind when the loop itself failed; nothing to do after an orderly stop."""
        for charge in reversed(self._charges):
            process = charge.process
            if process is None or process.returncode is not None:
                continue
            process.send_signal(charge.child.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(charge.child.grace_s)
            charge.kill()
            process.wait()
            charge.close()

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):  # a closed terminal ends nothing
            self._announce(line)


def _how(status: int) -> str:
    """A process's end in words: "status 1", "SIGKILL"."""
    if status >= 0:
        return f"status {status}"
    return signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
