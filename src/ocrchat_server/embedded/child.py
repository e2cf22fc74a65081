"""A process to be supervised, as data."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What to start, how to tell that it is ready, and how to stop it.

    Children are started in their order, each when all before it are ready, and stopped in the reverse
    order; neighbours of the same `group` are started together and stopped together.

    restart         "always": started again whenever it ends; "once": a step that has to end with status 0
                    before the next is started (else all is stopped, and the supervisor returns 1)
    ready           asked every 50 ms after a start until it says True; answers soon and never raises
    ready_within_s  how long that may take; then the child is killed, which counts as a failure
    stop_signal     the request to end; after `grace_s` comes `quit_signal`, if there is one, and after
                    another 10 s SIGKILL for the whole process group
    death_signal    sent by the kernel when the supervisor is killed (Linux); stop_signal when None
    log             the file its output is appended to; None: announced line by line, as "name | line"
    before          called before each start, in the supervisor
    running         this child, started already: watched from now on, started by argv once it has ended
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    account: Account | None = None
    group: str | None = None
    restart: Literal["always", "once"] = "always"
    ready: Callable[[], bool] | None = None
    ready_within_s: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    grace_s: float = 10.0
    quit_signal: signal.Signals | None = None
    death_signal: signal.Signals | None = None
    log: Path | None = None
    before: Callable[[], None] | None = None
    running: subprocess.Popen[bytes] | None = None
