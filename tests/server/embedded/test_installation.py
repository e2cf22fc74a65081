"""Programs that the account cannot reach are copied once to a place where it can."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrchat_server.embedded.account import account_for
from ocrchat_server.embedded.errors import PostgresMissing
from ocrchat_server.embedded.installation import Installation, installations, runnable_by

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL as itself")


@pytest.fixture
def cache() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "cache"


@pytest.fixture
def out_of_reach(tmp_path: Path) -> Installation:
    """The wheel, as it lies in a virtual environment below a folder that only root may enter."""
    real = installations()[0]
    assert real.wheel
    tmp_path.chmod(0o700)
    wheel = tmp_path / real.wheel.name
    tree = real.folder.parent.relative_to(real.wheel)
    shutil.copytree(real.wheel / tree, wheel / tree, symlinks=True, copy_function=os.link)
    libraries = real.wheel.with_name(f"{real.wheel.name}.libs")
    shutil.copytree(libraries, tmp_path / libraries.name, symlinks=True, copy_function=os.link)
    return Installation(wheel / tree / "bin", real.version, wheel)


def test_programs_out_of_reach_are_copied_once_to_where_the_account_cannot_change_them(
    tmp_path: Path, out_of_reach: Installation, cache: Path
) -> None:
    account = account_for(tmp_path / "postgres")
    copy = runnable_by(account, out_of_reach, cache)
    assert copy.folder.is_relative_to(cache)
    assert (copy.version, copy.major) == (out_of_reach.version, out_of_reach.major)
    assert all(path.stat().st_uid == 0 and not path.stat().st_mode & 0o022 for path in cache.rglob("*"))
    assert sorted(path.name for path in copy.folder.iterdir()) == ["initdb", "postgres"]
    made = Path(copy.program("postgres")).stat()
    assert runnable_by(account, out_of_reach, cache) == copy
    assert Path(copy.program("postgres")).stat().st_ctime_ns == made.st_ctime_ns


def test_programs_within_reach_are_run_where_they_are(tmp_path: Path, cache: Path) -> None:
    account = account_for(tmp_path / "postgres")
    system = [one for one in installations() if one.wheel is None]
    if not system:
        pytest.skip("no PostgreSQL is installed on this system")
    assert runnable_by(account, system[0], cache) == system[0]
    assert not cache.exists()


def test_a_system_installation_out_of_reach_is_named(tmp_path: Path, cache: Path) -> None:
    tmp_path.chmod(0o700)
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    closed = Installation(tmp_path, "17.2")
    with pytest.raises(PostgresMissing, match=f"cannot run {tmp_path}/postgres"):
        runnable_by(account_for(tmp_path / "postgres"), closed, cache)
