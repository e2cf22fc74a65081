"""Make a new cluster: all of it, or nothing."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from .account import Account
from .address import NAME
from .errors import ClusterNotMade, DataUnusable
from .installation import Installation
from .spawn import output_of

ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
LAST_LINES = 15

# The application's role owns its database and may make others (tests do), but is no superuser: SQL that
# somebody smuggled in cannot start programs or read the server's files.
_ROLE_AND_DATABASE = f"CREATE ROLE {NAME} LOGIN CREATEDB;\n\nCREATE DATABASE {NAME} OWNER {NAME};\n\n"

_SETTINGS = """
# ocrchat: for one small machine. Yours to change; a later start keeps what stands here.
max_connections = 200
shared_buffers = 128MB
synchronous_commit = on
full_page_writes = on
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
log_checkpoints = off
timezone = 'UTC'
log_timezone = 'UTC'
"""
# After a crash, one syncfs instead of opening and syncing each of 1300 files.
_SETTINGS_LINUX = "recovery_init_sync_method = syncfs\n"


def data_directory(cluster: Path, account: Account, major: int) -> str:
    """What to call the cluster as -D to a program that is started inside it.

    A postgres process never leaves its data folder, so on Linux /proc/self/cwd names it for each of them,
    whatever lies above: parents that the account may not enter (./data below /root), or a very long path.
    Before 16 a program that looked for its own file could not find back into such a folder
    (resolve_symlinks in src/common/exec.c); those need the real path, and DataUnusable says so.
    """
    if major >= 16 and Path("/proc/self/cwd").exists():
        return "/proc/self/cwd"
    enter = ("/bin/sh", "-c", 'cd -- "$1"', "sh", str(cluster))
    if output_of(enter, account=account, env=ENV, death_signal=signal.SIGKILL)[0] != 0:
        raise DataUnusable(
            f"PostgreSQL {major} runs as {account.name!r} here, which may not enter {cluster}: open that "
            "folder and those above it (chmod o+x), install 16 or later, or start as an ordinary user"
        )
    return str(cluster)


def make(cluster: Path, account: Account, programs: Installation) -> None:
    """Make the cluster beside its place and move it there when it is whole; 0.8 s on a disk that is not busy.

    UTF-8 throughout, sorted by code point. Raises ClusterNotMade with the last lines of what failed.
    """
    new = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(mode=0o700)
        if not account.is_ours:
            os.chown(new, account.uid, account.gid)
        here = ("-D", data_directory(new, account, programs.major))
        _run(new, account, (programs.program("initdb"), *here, *_initdb_options(programs.major)))
        single = (programs.program("postgres"), "--single", *here, "-F", "-j", "postgres")
        _run(new, account, single, _ROLE_AND_DATABASE)
        _append(new / "postgresql.conf", _SETTINGS + (_SETTINGS_LINUX if sys.platform == "linux" else ""))
        _sync_all(new)
        new.rename(cluster)
        with _opened(cluster.parent) as parent:
            os.fsync(parent)
    except OSError as error:
        raise ClusterNotMade(f"no database could be made in {cluster}: {error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-LAST_LINES:])


def _initdb_options(major: int) -> tuple[str, ...]:
    # `builtin` came with 17: upper and lower case of every script, without the system's locales. The C
    # locale of those before it knows ASCII's only.
    collation = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if major >= 17 else ()
    return (
        *("--username=postgres", "--auth=peer", "--no-instructions", "--no-sync"),
        *("--encoding=UTF8", "--locale=C", "--data-checksums", *collation),
    )


def _run(new: Path, account: Account, argv: tuple[str, ...], given: str = "") -> None:
    status, said = output_of(
        argv, account=account, cwd=new, env=ENV, given=given, death_signal=signal.SIGKILL
    )
    # A single-user backend reports a failed statement and goes on to exit with 0.
    if status != 0 or "ERROR:" in said:
        raise ClusterNotMade(
            f"no database could be made in {new.parent}: {Path(argv[0]).name} ended with status {status} "
            f"(nothing was left behind):\n{last_lines(said)}"
        )


def _append(path: Path, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW)
    with os.fdopen(fd, "a", encoding="utf-8") as file:
        file.write(text)


def _sync_all(folder: Path) -> None:
    """Bring the folder's whole file system to the disk: once, instead of fsync for each of 1300 files."""
    if sys.platform != "linux":
        os.sync()
        return
    with _opened(folder) as fd:
        if ctypes.CDLL(None, use_errno=True).syncfs(fd) != 0:
            raise OSError(ctypes.get_errno(), "the file system could not be brought to the disk", str(folder))


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    fd = os.open(folder, os.O_RDONLY)
    try:
        yield fd
    finally:
        os.close(fd)
