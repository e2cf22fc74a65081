"""Let a process die with the one that started it, even when that one is killed with SIGKILL.

Linux keeps the wish (`PR_SET_PDEATHSIG`, prctl(2)); elsewhere these functions do nothing. Three
traps of that call: it watches the *thread* that forked, so start processes from the main
thread; it is forgotten when user or group change, so it comes after them; and a parent
that died before the call is never noticed, so the caller looks again afterwards.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def die_with_parent(signum: int = signal.SIGTERM, *, parent: int | None = None) -> None:
    """Have the kernel send `signum` to this process when the thread that forked it ends.

    For the first act of any process that must leave no orphans behind. `parent` is the process
    id of whoever started it, as that one gave it; when it is gone already, the signal is
    sent at once. Without `parent` a death before this call stays unnoticed.
    """
    if _prctl is None:
        return
    if _prctl(_PR_SET_PDEATHSIG, int(signum), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signum)


def last_act_before_exec(signum: int) -> Callable[[], None]:
    """What a forked child does just before it becomes another program: tie its life to ours.

    It also gives SIGINT, SIGTERM and SIGHUP their defaults back: a shell that starts us in the
    background hands them down ignored, and then no stop signal would arrive.
    """
    parent = os.getpid()

    def tie() -> None:
        for ordinary in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ordinary, signal.SIG_DFL)
        die_with_parent(signum, parent=parent)

    return tie
