"""A full disk, a database that is gone: clean errors, nothing lost, nothing charged, recovery alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import requests

from ocrchat_server.embedded.postgres import Cluster
from tests.conftest import Server, Wait
from tests.drawing import scripted_png, scripted_tiff

SETTINGS = {
    "OCRCHAT_ENGINE": "scripted",
    "OCRCHAT_HEARTBEAT_SECONDS": "0.5",
    "OCRCHAT_STALLED_SECONDS": "4",
    "OCRCHAT_SETTLE_SECONDS": "2",
    "OCRCHAT_RECONCILE_SECONDS": "2",
}
TEXTS = [f"page {number}" for number in range(24)]
LONG = scripted_tiff([f"!wait 0.1\n{text}" for text in TEXTS])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[Path, int], Path]]:
    """Mount a file system of so many MB at a folder; skipped where nothing may be mounted."""
    mounted: list[Path] = []

    def mount(folder: Path, megabytes: int) -> Path:
        folder.mkdir(parents=True)
        options = f"size={megabytes}m,mode=0755"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("nothing may be mounted here: this needs root")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _filled(disk: Path) -> Path:
    """A file that takes all there is left of a disk."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    assert shutil.disk_usage(disk).free == 0
    return ballast


def _rows(server: Server, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(Cluster(server.data).url, connect_timeout=5) as connection:
        return connection.execute(query.encode()).fetchall()


def _job(server: Server, uuid: str) -> dict[str, Any]:
    """The job; empty while the server cannot say."""
    with suppress(requests.RequestException, ValueError):
        answer = server.get(f"/ocr/{uuid}/")
        if answer.status_code == 200:
            job: dict[str, Any] = answer.json()
            return job
        assert answer.status_code == 503
    return {}


def _under_way(server: Server, until: Wait) -> str:
    uuid: str = server.post("long.tif", LONG).json()["uuid"]
    until(lambda: _job(server, uuid).get("pages_done", 0) > 2)
    return uuid


def _check_all_read(server: Server, uuid: str, until: Wait) -> None:
    until(lambda: _job(server, uuid).get("status") in ("done", "failed"))
    job = _job(server, uuid)
    assert [page["text"] for page in job["pages"]] == TEXTS
    assert job["status"] == "done"
    assert job["credits"] == len(TEXTS)


def _check_refused(answer: requests.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert set(answer.json()) == {"error"}


def _holds(server: Server) -> int:
    return int(_rows(server, "SELECT count(*) FROM billing_hold WHERE closed_at IS NULL")[0][0])


def test_a_full_disk_refuses_files_and_delays_pages(
    small_disk: Callable[[Path, int], Path], start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    disk = small_disk(tmp_path / "data" / "blobs", 8)
    server = start_server(tmp_path / "data", **SETTINGS)
    uuid = _under_way(server, until)
    ballast = _filled(disk)
    _check_refused(server.post("a.png", scripted_png("hello")))
    _check_refused(server.post("long.tif", LONG))
    assert _rows(server, "SELECT count(*) FROM jobs_job")[0][0] == 1
    before = _job(server, uuid)["pages_done"]
    until(lambda: "cannot be committed" in (server.data / "logs" / "worker-1.log").read_text())
    assert _job(server, uuid)["pages_done"] <= before + 2
    assert _rows(server, "SELECT count(*) FROM jobs_page WHERE status = 'failed'")[0][0] == 0
    ballast.unlink()
    _check_all_read(server, uuid, until)
    assert server.post("a.png", scripted_png("hello")).json()["text"] == "hello"
    assert _holds(server) == 0
    until(lambda: not list((disk / "incoming").iterdir()))


def test_a_disk_that_fills_up_at_any_write_of_a_file_leaves_nothing_behind(
    small_disk: Callable[[Path, int], Path], start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    disk = small_disk(tmp_path / "data" / "blobs", 8)
    server = start_server(tmp_path / "data", **SETTINGS)
    image = scripted_png("x" * 60_000)  # some 64 kB: the disk has room for some of its writes
    accepted = 0
    for free in range(0, 200_000, 24_576):
        ballast = _filled(disk)
        os.truncate(ballast, max(0, ballast.stat().st_size - free))
        threading.Timer(3, ballast.unlink).start()
        answer = server.post("a.png", image)
        if answer.status_code in (200, 202):
            accepted += 1
            uuid = answer.json()["uuid"]
            until(lambda uuid=uuid: _job(server, uuid).get("status") == "done")
            assert _job(server, uuid)["credits"] == 1
            assert server.get(f"/ocr/{uuid}/download/?format=txt").status_code in (200, 503)
        else:
            _check_refused(answer)
        until(lambda ballast=ballast: not ballast.exists())
    assert 0 < accepted < 9
    assert _rows(server, "SELECT count(*), coalesce(sum(credits), 0) FROM jobs_job") == [(accepted, accepted)]
    assert _holds(server) == 0
    until(lambda: not list((disk / "incoming").iterdir()))


def test_a_full_disk_under_the_database_loses_nothing(
    small_disk: Callable[[Path, int], Path], start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    disk = small_disk(tmp_path / "data", 250)
    server = start_server(disk, **SETTINGS)
    uuid = _under_way(server, until)
    ballast = _filled(disk)
    for _ in range(3):
        with suppress(requests.RequestException):
            answer = server.post("a.png", scripted_png("hello"))
            if answer.status_code != 200:  # the log still had room
                _check_refused(answer)
    ballast.unlink()
    _check_all_read(server, uuid, until)
    assert server.post("a.png", scripted_png("hello")).json()["text"] == "hello"
    until(lambda: _holds(server) == 0)


def test_a_database_that_stands_still_for_ten_seconds_loses_nothing(
    start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    server = start_server(tmp_path / "data", **SETTINGS)
    uuid = _under_way(server, until)
    (postmaster,) = (
        each for each in psutil.Process(server.process.pid).children() if each.name() == "postgres"
    )
    stopped = [postmaster, *postmaster.children(recursive=True)]
    for process in stopped:
        process.suspend()
    waking = threading.Timer(10, lambda: [process.resume() for process in stopped])
    waking.start()
    answer = server.post("a.png", scripted_png("hello"))
    assert answer.status_code in (200, 503)
    waking.join()
    _check_all_read(server, uuid, until)
    accepted = 24 + (answer.status_code == 200)
    until(lambda: _rows(server, "SELECT sum(credits) FROM jobs_job") == [(accepted,)])
    assert _holds(server) == 0


def test_a_database_that_is_gone_for_ten_seconds_loses_nothing(
    start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    server = start_server(tmp_path / "data", **SETTINGS)
    uuid = _under_way(server, until)
    supervisor = psutil.Process(server.process.pid)
    (postmaster,) = (each for each in supervisor.children() if each.name() == "postgres")
    supervisor.suspend()  # lest it starts another at once
    postmaster.send_signal(signal.SIGKILL)
    gone = time.monotonic()
    try:
        with ThreadPoolExecutor(4) as clients:  # each waits 10 s for a connection
            posted = clients.submit(server.post, "a.png", scripted_png("hello"))
            got = clients.submit(server.get, f"/ocr/{uuid}/")
            ready = clients.submit(requests.get, f"{server.address}/readyz", timeout=30)
            assert requests.get(f"{server.address}/healthz", timeout=10).status_code == 200
        _check_refused(posted.result())
        _check_refused(got.result())
        assert ready.result().status_code == 503
        while time.monotonic() - gone < 10:
            threading.Event().wait(0.1)
    finally:
        supervisor.resume()
    _check_all_read(server, uuid, until)
    assert _rows(server, "SELECT count(*), sum(credits) FROM jobs_job") == [(1, 24)]
    assert _holds(server) == 0
    assert server.post("a.png", scripted_png("hello")).json()["text"] == "hello"
