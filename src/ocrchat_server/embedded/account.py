"""Choose the operating system's user that PostgreSQL runs as; it refuses to run as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from .errors import DataUnusable, NoAccount


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine; to make a cluster it takes one with a name (initdb looks it up)."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        """Whether this very process runs as that user already."""
        return self.uid == os.geteuid()


def account_for(cluster: Path) -> Account:
    """Who runs, or will run, the cluster in that folder.

    An ordinary user runs PostgreSQL as itself. Root runs it as the folder's owner (it may have been
    made without root, earlier), else as `postgres` where Debian's packages made that user, else as `nobody`.
    """
    me = os.geteuid()
    owner = cluster.stat().st_uid if cluster.exists() else None
    if me != 0:
        if owner not in (None, me):
            raise DataUnusable(
                f"{cluster} belongs to {name_of(owner or 0)}, and this is {name_of(me)}: "
                f"start as {name_of(owner or 0)} or as root, or give the data folder away with chown -R"
            )
        return _account(me)
    if owner:
        return Account(name_of(owner), owner, cluster.stat().st_gid)
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise NoAccount(
        "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as: "
        "start as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere"
    )


def name_of(uid: int) -> str:
    """The user's name, or its number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def hand_over(folder: Path, account: Account) -> None:
    """Give a folder and all below it to the account; symbolic links are changed, never followed.

    Only for a folder that root still owns: below an owner who is not trusted, names can move.
    """
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(here, name), account.uid, account.gid, follow_symlinks=False)


def _account(uid: int) -> Account:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:
        raise NoAccount(
            f"user {uid} has no name on this machine (no line in /etc/passwd), and PostgreSQL needs one: "
            "add the line, or set DATABASE_URL to a PostgreSQL that runs elsewhere"
        ) from None
    return Account(found.pw_name, found.pw_uid, found.pw_gid)
