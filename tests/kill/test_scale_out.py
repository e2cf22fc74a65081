"""The roles apart: two web processes and two workers on one PostgreSQL and one bucket."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from moto.server import ThreadedMotoServer

from ocrchat_server.embedded.postgres import Cluster
from tests.conftest import Wait
from tests.drawing import scripted_png, scripted_tiff


@dataclass
class Cloud:
    """Processes that share a database and a bucket, and nothing else: each has a data folder of its own."""

    env: dict[str, str]
    folder: Path
    token: str = ""
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, role: str, port: int = 0) -> subprocess.Popen[str]:
        """Start one more web process or worker."""
        own = {"OCRCHAT_DATA": str(self.folder / f"{role}-{len(self.running)}"), "OCRCHAT_PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "ocrchat", role],
            env=self.env | own,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.running.append(process)
        return process

    def call(self, method: str, port: int, path: str, **more: Any) -> requests.Response:
        """Ask the web process at a port."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"http://127.0.0.1:{port}/api/v1{path}"
        return requests.request(method, address, headers=headers, timeout=90, **more)


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    """A database and a bucket, and nobody yet who works with them."""
    s3 = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    host, port = s3.get_host_and_port()
    requests.put(f"http://{host}:{port}/blobs", timeout=10).raise_for_status()
    with Cluster(tmp_path / "database") as url:
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "OCRCHAT_BLOBS": "s3://blobs/all",
            "OCRCHAT_ENGINE": "scripted",
            "OCRCHAT_SECRET_KEY": "the same everywhere, 32 characters",
            "OCRCHAT_HEARTBEAT_SECONDS": "0.5",
            "OCRCHAT_STALLED_SECONDS": "2",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }
        cloud = Cloud(env, tmp_path)
        prepared = subprocess.run(
            [sys.executable, "-m", "ocrchat", "prepare"],
            env=env | {"OCRCHAT_DATA": str(tmp_path / "prepare")},
            capture_output=True,
            text=True,
            check=True,
        )
        cloud.token = prepared.stdout.split()[-1]
        yield cloud
        for process in cloud.running:
            process.terminate()
        for process in cloud.running:
            process.wait(30)
    s3.stop()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def test_every_process_gives_the_same_answer_whoever_comes_and_goes(cloud: Cloud, until: Wait) -> None:
    ports = [_free_port(), _free_port()]
    for port in ports:
        cloud.start("web", port)
    first, second = cloud.start("worker"), cloud.start("worker")
    until(lambda: all(map(_answers, ports)))

    short = cloud.call("POST", ports[0], "/ocr/", files={"file": ("a.png", scripted_png("hello"))})
    assert (short.status_code, short.json()["text"]) == (200, "hello")
    assert cloud.call("GET", ports[1], f"/ocr/{short.json()['uuid']}/").json() == short.json()

    texts = [f"page {number}" for number in range(60)]
    slow = scripted_tiff([f"!wait 0.05\n{text}" for text in texts])
    uuid = cloud.call("POST", ports[1], "/ocr/", files={"file": ("a.tif", slow)}).json()["uuid"]

    def job(port: int) -> dict[str, Any]:
        answer: dict[str, Any] = cloud.call("GET", port, f"/ocr/{uuid}/").json()
        return answer

    until(lambda: job(ports[0])["pages_done"] > 3)
    first.kill()
    cloud.start("worker")
    until(lambda: job(ports[0])["pages_done"] > 10)
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    until(lambda: job(ports[0])["status"] == "done")
    assert [page["text"] for page in job(ports[0])["pages"]] == texts
    assert job(ports[0]) == job(ports[1])
    assert job(ports[0])["credits"] == 60
    assert cloud.call("DELETE", ports[1], f"/ocr/{uuid}/").json()["removed"]["files"] >= 61
    assert cloud.call("GET", ports[0], f"/ocr/{uuid}/").status_code == 404
