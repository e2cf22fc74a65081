"""Start another program in a session of its own, as some user, its life tied to ours."""

from __future__ import annotations

import errno
import subprocess
import threading
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TypedDict

from .account import Account
from .errors import NoAccount
from .lifeline import last_act_before_exec


class _As(TypedDict, total=False):
    user: int
    group: int
    extra_groups: Sequence[int]


def spawn(
    argv: Sequence[str],
    *,
    death_signal: int,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """A running process whose stderr goes where its stdout goes.

    Its own session: Ctrl-C at the terminal does not reach it, its process group is its id, and whoever
    started it decides what it is told and when. `death_signal` is what the kernel
    sends it when this process is gone. `cwd` is entered before the user changes, so the folder's
    parents may be closed to the account. Raises RuntimeError outside the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("start processes from the main thread: they die with the thread that forked them")
    identity: _As = {}
    if account is not None and not account.is_ours:
        identity = {"user": account.uid, "group": account.gid, "extra_groups": ()}
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns of a fork beside other threads; what runs between it and exec takes no locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            return subprocess.Popen(
                list(argv),
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=last_act_before_exec(death_signal),
                **identity,
            )
    except OSError as error:
        if identity and account and error.errno in (errno.EPERM, errno.EINVAL):
            raise NoAccount(
                f"root may not become {account.name!r} here ({error.strerror}; a container without "
                "CAP_SETUID?): start as an ordinary user, or set DATABASE_URL"
            ) from error
        raise


def output_of(
    argv: Sequence[str],
    *,
    death_signal: int,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    given: str = "",
) -> tuple[int, str]:
    """Run a program to its end: its exit status, and what it wrote to stdout and stderr together."""
    process = spawn(
        argv,
        death_signal=death_signal,
        env=env,
        cwd=cwd,
        account=account,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        try:
            written, _ = process.communicate(given.encode())
        except BaseException:
            process.kill()
            raise
    return process.returncode, written.decode(errors="replace")
