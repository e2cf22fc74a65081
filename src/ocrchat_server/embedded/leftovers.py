"""Clear away what a killed start left of a cluster: processes that still work on it, a stale pid file."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from .account import Account
from .address import PORT
from .errors import ClusterNotStarted
from .spawn import output_of

# Asked as the account itself: looking into another user's /proc/PID/cwd takes CAP_SYS_PTRACE, which root
# in a container does not have.
_WHO_IS_HERE = 'for p in /proc/[0-9]*; do [ "$p/cwd" -ef . ] && echo "${p#/proc/}"; done 2>/dev/null; true'
# An old postmaster gets a fast shutdown first; whoever is then left is told to quit at once, then killed.
# All are waited for before a new postmaster comes, so even the last step loses nothing committed.
STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 10.0))  # and the seconds to wait


def working_on(cluster: Path, account: Account) -> frozenset[int]:
    """The PostgreSQL processes at work in that folder: each keeps it as its working directory.

    Linux only; elsewhere empty, and PostgreSQL's own interlock refuses a second postmaster.
    """
    if sys.platform != "linux":
        return frozenset()
    _, said = output_of(
        ("/bin/sh", "-c", _WHO_IS_HERE),
        account=account,
        cwd=cluster,
        env={"PATH": "/usr/bin:/bin"},
        death_signal=signal.SIGKILL,
    )
    return frozenset(pid for pid in map(int, said.split()) if _is_postgres(pid))


def clear(cluster: Path, account: Account, steps: Sequence[tuple[signal.Signals, float]] = STEPS) -> None:
    """Stop every process that still works on the cluster, then remove its stale pid files.

    To be called under the data folder's lock only: then no supervisor of ours is behind them. The files go
    because the number in them may be another program's by now, or a zombie's, which PostgreSQL would take
    for a postmaster at work.
    """
    if sys.platform != "linux":
        return
    for signum, seconds in steps:
        pids = working_on(cluster, account)
        if not pids:
            break
        postmaster = _recorded_pid(cluster)
        told = pids & {postmaster} if signum == signal.SIGINT else pids
        _tell_and_wait(told, pids, signum, seconds if told else min(seconds, 2.0))
    else:
        if left := working_on(cluster, account):
            raise ClusterNotStarted(
                f"processes {', '.join(map(str, sorted(left)))} still work on {cluster} and do not end"
            )
    for name in ("postmaster.pid", f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (cluster / name).unlink(missing_ok=True)


def _recorded_pid(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() == "postgres"
    except OSError:
        return False


def _tell_and_wait(
    told: frozenset[int], pids: frozenset[int], signum: signal.Signals, seconds: float
) -> None:
    """Signal some and wait for all, by descriptor: a number could be somebody else's by now."""
    assert sys.platform == "linux"  # noqa: S101 - lets mypy see pidfd_open
    with ExitStack() as stack:
        watched = select.poll()
        waiting = 0
        for pid in pids:
            with suppress(ProcessLookupError):
                fd = os.pidfd_open(pid)
                stack.callback(os.close, fd)
                if not _is_postgres(pid):
                    continue
                if pid in told:
                    signal.pidfd_send_signal(fd, signum)
                watched.register(fd, select.POLLIN)
                waiting += 1
        deadline = time.monotonic() + seconds
        while waiting and (left := deadline - time.monotonic()) > 0:
            for fd, _ in watched.poll(left * 1000):
                watched.unregister(fd)
                waiting -= 1
