"""The roles apart, each a process of its own, on one PostgreSQL and one bucket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from moto.server import ThreadedMotoServer

from ocrchat_server.embedded.postgres import Cluster


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
        with Path(self.folder, f"{role}-{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "ocrchat", role],
                env=self.env | own,
                stdout=log,
                stderr=log,
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
def bucket() -> Iterator[str]:
    """The address of an S3 server with an empty bucket `blobs`."""
    s3 = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    s3.start()
    host, port = s3.get_host_and_port()
    requests.put(f"http://{host}:{port}/blobs", timeout=10).raise_for_status()
    yield f"http://{host}:{port}"
    s3.stop()


@pytest.fixture
def cloud(tmp_path: Path, bucket: str) -> Iterator[Cloud]:
    """A database and a bucket, and nobody yet who works with them."""
    with opened_cloud(tmp_path, bucket) as cloud:
        yield cloud


@contextmanager
def opened_cloud(tmp_path: Path, bucket: str) -> Iterator[Cloud]:
    """The same, with the bucket at that address; all that was started ends with the block."""
    with Cluster(tmp_path / "database") as url:
        env = {
            **os.environ,
            "DATABASE_URL": url,
            "OCRCHAT_BLOBS": "s3://blobs/all",
            "OCRCHAT_ENGINE": "scripted",
            "OCRCHAT_SECRET_KEY": "the same everywhere, 32 characters",
            "OCRCHAT_HEARTBEAT_SECONDS": "0.5",
            "OCRCHAT_STALLED_SECONDS": "10",  # nobody starts a worker again that ends itself
            "AWS_ENDPOINT_URL": bucket,
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


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
