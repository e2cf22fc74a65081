"""An ordinary user runs the same PostgreSQL as itself; root may take the folder over, nobody else may."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

import ocrchat_server
from ocrchat_server.embedded.postgres import Cluster

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

Ask = Callable[[str, str], object]
NOBODY = pwd.getpwnam("nobody")

RUN = """
import sys
from pathlib import Path
import psycopg
from ocrchat_server.embedded.postgres import Cluster
with Cluster(Path(sys.argv[1])) as url, psycopg.connect(url) as connection:
    print(*connection.execute("SELECT current_user, current_setting('is_superuser')").fetchone())
"""

REFUSED = """
import sys
from pathlib import Path
from ocrchat_server.embedded.errors import EmbeddedError
from ocrchat_server.embedded.postgres import Cluster
try:
    Cluster(Path(sys.argv[1])).start()
except EmbeddedError as error:
    print(error)
"""

CONNECT = """
import sys
import psycopg
try:
    psycopg.connect(sys.argv[1])
except psycopg.OperationalError as error:
    print(error)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of nobody's own, below folders that everybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="ocrchat-test-"))
    os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    yield folder
    shutil.rmtree(folder)


def _said(source: str, *args: str, user: int = NOBODY.pw_uid, cwd: Path = Path("/")) -> str:
    """What the program prints when that user runs it, by a Python of this version that he can reach."""
    roots = (Path(module.__file__ or "").parents[1] for module in (ocrchat_server, psycopg))
    folders = os.pathsep.join(map(str, roots))
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": folders, "PYTHONDONTWRITEBYTECODE": "1"}
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        with suppress(FileNotFoundError, PermissionError):
            done = subprocess.run(
                [python, "-c", source, *args],
                env=environment,
                cwd=cwd,
                user=user,
                extra_groups=(),
                text=True,
                capture_output=True,
                check=False,
            )
            if "ModuleNotFoundError" not in done.stderr:
                assert not done.stderr
                return done.stdout.strip()
    pytest.skip("Python, or the source, lies where an ordinary user may not enter")


def test_it_starts_and_root_can_run_the_same_data_later(home: Path, ask: Ask) -> None:
    assert _said(RUN, str(home / "data")) == "ocrchat off"
    with Cluster(home / "data") as url:
        assert ask(url, "SELECT current_user") == "ocrchat"
    assert _said(RUN, str(home / "data")) == "ocrchat off"


def test_a_folder_of_root_s_is_refused_by_name(home: Path) -> None:
    (home / "data").mkdir(mode=0o755)
    (home / "data" / "lock").touch(mode=0o600)
    os.chown(home / "data", 0, 0)
    said = _said(REFUSED, str(home / "data"))
    assert f"{home}/data/lock: Permission denied; start as the user that the data folder belongs to" in said


def test_a_cluster_of_somebody_else_s_is_refused_by_name(home: Path) -> None:
    (home / "data" / "postgres").mkdir(parents=True)
    os.chown(home / "data", NOBODY.pw_uid, NOBODY.pw_gid)
    os.chown(home / "data" / "postgres", 1, 1)
    said = _said(REFUSED, str(home / "data"))
    assert f"{home}/data/postgres belongs to {pwd.getpwuid(1).pw_name}, and this is nobody" in said


def test_another_user_does_not_even_reach_the_socket(url: str) -> None:
    assert "Permission denied" in _said(CONNECT, url)


def test_who_reaches_the_socket_is_still_asked_who_he_is(cluster: Cluster, url: str) -> None:
    inside = "postgresql://ocrchat@/ocrchat?host=%2Fproc%2Fself%2Fcwd&port=5432"
    postgres = cluster.folder.stat().st_uid
    assert "Peer authentication failed" in _said(CONNECT, inside, user=postgres, cwd=cluster.folder)
