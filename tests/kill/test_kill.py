"""kill -9 of anything, at any moment: nothing lost, nothing charged twice, nothing left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.conftest import Server, Wait
from tests.drawing import scripted_tiff

SETTINGS = {
    "OCRCHAT_ENGINE": "scripted",
    "OCRCHAT_HEARTBEAT_SECONDS": "0.5",
    "OCRCHAT_STALLED_SECONDS": "2",
}
PAGES = [f"!wait 0.05\npage {number}" for number in range(24)]


@pytest.fixture
def own_server(start_server: Callable[..., Server], tmp_path: Path) -> Server:
    """A server that this test may do anything to."""
    return start_server(tmp_path / "data", **SETTINGS)


def _processes(server: Server, name: str) -> list[psutil.Process]:
    """Those of the server's processes whose command line has that word."""
    below = psutil.Process(server.process.pid).children(recursive=True)
    return [each for each in below if name in each.cmdline()]


def _lives(process: psutil.Process) -> bool:
    """Whether it still runs; one that only waits for its parent to take note does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _finished(server: Server, uuid: str) -> dict[str, Any] | None:
    try:
        answer = server.get(f"/ocr/{uuid}/")
    except requests.ConnectionError:
        return None
    assert answer.status_code in {200, 503}
    job: dict[str, Any] = answer.json()
    return job if job.get("status") in {"done", "failed"} else None


def _check(job: dict[str, Any]) -> None:
    assert job["status"] == "done"
    assert [page["text"] for page in job["pages"]] == [text.splitlines()[-1] for text in PAGES]
    assert job["credits"] == job["pages_done"] == len(PAGES)


def _submitted(server: Server, until: Wait) -> str:
    """A job of which some pages are read and others are not."""
    uuid: str = server.post("long.tif", scripted_tiff(PAGES)).json()["uuid"]
    until(lambda: server.get(f"/ocr/{uuid}/").json()["pages_done"] > 2)
    return uuid


@pytest.mark.parametrize(
    "victim", ["worker", "web", "ocrchat.engines.process", "ocrchat.sources.sandbox.zygote"]
)
def test_a_job_survives_the_death_of(victim: str, own_server: Server, until: Wait) -> None:
    uuid = _submitted(own_server, until)
    killed = _processes(own_server, victim)
    assert killed
    for process in killed:
        process.kill()
    until(lambda: _finished(own_server, uuid))
    _check(_finished(own_server, uuid) or {})


def test_a_job_survives_the_death_of_its_database(own_server: Server, until: Wait) -> None:
    uuid = _submitted(own_server, until)
    below = psutil.Process(own_server.process.pid).children()
    (postmaster,) = (each for each in below if each.name() == "postgres")
    postmaster.kill()
    until(lambda: _finished(own_server, uuid))
    _check(_finished(own_server, uuid) or {})


def test_the_death_of_the_supervisor_leaves_nobody_and_the_next_start_goes_on(
    own_server: Server, start_server: Callable[..., Server], until: Wait
) -> None:
    uuid = _submitted(own_server, until)
    everybody = psutil.Process(own_server.process.pid).children(recursive=True)
    assert len(everybody) > 6
    os.kill(own_server.process.pid, signal.SIGKILL)
    own_server.process.wait()
    until(lambda: not any(map(_lives, everybody)))
    again = start_server(own_server.data, **SETTINGS)
    assert again.token == own_server.token
    until(lambda: _finished(again, uuid))
    _check(_finished(again, uuid) or {})


def test_a_page_that_kills_its_engine_is_given_up_and_the_rest_is_read(scripted_server: Server) -> None:
    job = scripted_server.post("bad.tif", scripted_tiff(["one", "!die", "three"])).json()
    assert job["status"] == "done"
    assert [page["text"] for page in job["pages"]] == ["one", "", "three"]
    assert job["credits"] == 2
    (warning,) = job["warnings"]
    assert (warning["code"], warning["page"]) == ("page_failed", 1)
    assert "3 attempts" in warning["message"]


def test_an_orderly_stop_finishes_its_pages_and_ends_everybody(own_server: Server, until: Wait) -> None:
    _submitted(own_server, until)
    everybody = psutil.Process(own_server.process.pid).children(recursive=True)
    own_server.process.send_signal(signal.SIGTERM)
    assert own_server.process.wait(60) == 0
    assert not any(map(_lives, everybody))


def test_a_worker_that_is_to_stop_ends_without_its_database(own_server: Server, until: Wait) -> None:
    supervisor = psutil.Process(own_server.process.pid)
    (worker,) = _processes(own_server, "worker")
    (postmaster,) = (each for each in supervisor.children() if each.name() == "postgres")
    supervisor.suspend()  # lest it starts another database
    try:
        postmaster.kill()
        worker.terminate()
        until(lambda: not _lives(worker))
    finally:
        supervisor.resume()
