"""Say who may connect: the user who runs the server, as the application's role; nobody else."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .account import Account, name_of
from .address import NAME


def write_access(cluster: Path, account: Account) -> None:
    """Write pg_hba.conf and pg_ident.conf, anew at each start: the user may have changed.

    Peer authentication: the kernel says who is at the other end of the socket. Root, who runs PostgreSQL as
    another user, is let in by name (root to the application's role); that other user itself is not.
    """
    user = name_of(os.geteuid()).replace('"', '""')
    _replace(cluster / "pg_hba.conf", f"local all {NAME} peer map={NAME}\n", account)
    _replace(cluster / "pg_ident.conf", f'{NAME} "{user}" {NAME}\n', account)


def _replace(path: Path, lines: str, account: Account) -> None:
    """Put a whole new file in place, never writing through a name that the account might have planted."""
    text = f"# Written by ocrchat at each start.\n{lines}"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            if not account.is_ours:
                os.fchown(fd, account.uid, account.gid)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
