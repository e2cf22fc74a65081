"""The roles on a PostgreSQL behind PgBouncer, which lends its sessions."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from ocrchat_server.embedded.postgres import Cluster
from tests.conftest import Wait
from tests.drawing import scripted_png, scripted_tiff
from tests.kill.conftest import answers, free_port, opened_cloud

SETTINGS = """
[databases]
ocrchat = host={folder} port=5432 user=ocrchat
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = session
default_pool_size = 60
"""


@pytest.fixture
def pooler(until: Wait) -> Iterator[tuple[Path, int]]:
    """The folder of a cluster and the port of a pooler before it; the cluster is still to be started."""
    if shutil.which("pgbouncer") is None:
        pytest.fail("pgbouncer is missing; scripts/test-tools installs it")
    folder, port = Path(tempfile.mkdtemp(prefix="ocrchat-pooler-")), free_port()
    folder.chmod(0o711)
    yield folder, port
    shutil.rmtree(folder)


def _let_in(folder: Path) -> None:
    """Let everybody on this machine who reaches the socket in, as a database for a pooler does."""
    (folder / "database").chmod(0o711)  # root's PostgreSQL and pooler are another user's, who has to pass
    hba = folder / "database" / "postgres" / "pg_hba.conf"
    hba.write_text("local all ocrchat trust\n")
    postmaster = int((hba.parent / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGHUP)


def _started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    cluster = Cluster(folder / "database").folder
    settings = folder / "pgbouncer.ini"
    settings.write_text(SETTINGS.format(folder=cluster, port=port))
    settings.chmod(0o644)
    owner = cluster.stat().st_uid
    return subprocess.Popen(
        ["pgbouncer", "-q", str(settings)], user=owner, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def test_a_session_pooler_is_as_good_as_the_database(
    pooler: tuple[Path, int], bucket: str, until: Wait
) -> None:
    folder, pooled = pooler
    with opened_cloud(folder, bucket) as cloud:
        _let_in(folder)
        bouncer = _started(folder, pooled)
        try:
            cloud.env["DATABASE_URL"] = f"postgresql://ocrchat@127.0.0.1:{pooled}/ocrchat"

            def is_there() -> bool:
                with suppress(psycopg.Error), psycopg.connect(cloud.env["DATABASE_URL"]):
                    return True
                return False

            until(is_there)
            port = free_port()
            cloud.start("web", port)
            first, _ = cloud.start("worker"), cloud.start("worker")
            until(lambda: answers(port))
            short = cloud.call("POST", port, "/ocr/", files={"file": ("a.png", scripted_png("hello"))})
            assert (short.status_code, short.json()["text"]) == (200, "hello")
            texts = [f"page {number}" for number in range(30)]
            slow = scripted_tiff([f"!wait 0.05\n{text}" for text in texts])
            uuid = cloud.call("POST", port, "/ocr/", files={"file": ("a.tif", slow)}).json()["uuid"]
            until(lambda: cloud.call("GET", port, f"/ocr/{uuid}/").json()["pages_done"] > 3)
            first.kill()
            until(lambda: cloud.call("GET", port, f"/ocr/{uuid}/").json()["status"] == "done")
            job = cloud.call("GET", port, f"/ocr/{uuid}/").json()
            assert [page["text"] for page in job["pages"]] == texts
            assert job["credits"] == 30
        finally:
            for process in cloud.running:
                process.terminate()
            for process in cloud.running:
                process.wait(60)
            bouncer.terminate()
            bouncer.wait(30)
