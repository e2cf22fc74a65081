"""Say where the cluster is reached: a Unix socket in a folder that only its user can enter, never a port."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import quote

from .errors import ClusterNotStarted

NAME = "ocrchat"  # of the role and of the database
PORT = (
    5432  # only a part of the socket's name; said aloud, so that a PGPORT in the environment changes nothing
)
LONGEST = 103  # bytes of sockaddr_un.sun_path without the final zero: 107 on Linux, 103 on macOS


def database_url(cluster: Path) -> str:
    """What psycopg and Django take; the same at every start, unless the data folder is moved."""
    host = quote(os.fsencode(_host(cluster)), safe="")
    return f"postgresql://{NAME}@/{NAME}?host={host}&port={PORT}"


def remove_short_way(cluster: Path) -> None:
    """Remove the link that `database_url` made for a deep folder, if it made one."""
    for folder in _link_folders():
        link = folder / _digest(cluster)
        with contextlib.suppress(OSError):  # not there, not ours, or the folder holds another cluster's link
            if link.readlink() == cluster:
                link.unlink()
                folder.rmdir()


def _host(cluster: Path) -> Path:
    """The folder to name: the cluster, where the socket lies, or a link to it where its path is too long."""
    if _fits(cluster):
        return cluster
    for folder in _link_folders():
        link = folder / _digest(cluster)
        if _fits(link) and _private(folder):
            if not link.is_symlink() or link.readlink() != cluster:
                link.unlink(missing_ok=True)
                link.symlink_to(cluster)
            return link
    raise ClusterNotStarted(
        f"{cluster} is too long a path for a Unix socket ({LONGEST} bytes with its name), and no short "
        "private folder could be made for a link to it: give a shorter data folder (OCRCHAT_DATA)"
    )


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST


def _digest(cluster: Path) -> str:
    return hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]


def _link_folders() -> tuple[Path, ...]:
    """Short places, the lasting ones first: /run/user/UID goes when its user logs out, a server does not."""
    me = os.geteuid()
    lasting = Path("/run/ocrchat") if me == 0 else Path("~/.cache/ocrchat").expanduser()
    return lasting, Path("/tmp") / f"ocrchat-{me}"  # noqa: S108 - checked to be ours alone before it is used


def _private(folder: Path) -> bool:
    """Make the folder; whether it is ours, a real folder, and closed to everybody else."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
