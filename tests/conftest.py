"""What every test may use: servers that really run, waiting with a deadline."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
import requests

from ocrchat.engines.base import Engine
from ocrchat.engines.cpu import build

# An example that takes long on a busy machine is no fault.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

Wait = Callable[[Callable[[], object]], None]


@dataclass(frozen=True)
class Server:
    """A server that `ocrchat up` runs in a process of its own."""

    address: str
    token: str
    data: Path
    process: subprocess.Popen[str]

    @property
    def bearer(self) -> dict[str, str]:
        """The header of its first account."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, name: str, data: bytes, *, anonymous: bool = False, **fields: str) -> requests.Response:
        """Post a document."""
        return requests.post(
            f"{self.address}/api/v1/ocr/",
            headers={} if anonymous else self.bearer,
            files={"file": (name, data)},
            data=fields,
            timeout=120,
        )

    def get(self, path: str, *, anonymous: bool = False, **headers: str) -> requests.Response:
        """Get an address below /api/v1; `_` in the name of a header stands for a hyphen."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.get(
            f"{self.address}/api/v1{path}", headers=({} if anonymous else self.bearer) | sent, timeout=60
        )


Start = Callable[..., Server]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that reads print."""
    engine = build(threads=2)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def start_server() -> Iterator[Start]:
    """Start servers: `start_server(data, OCRCHAT_ENGINE="scripted")`; a file's end stops them."""
    with _servers() as start:
        yield start


@pytest.fixture(scope="session")
def start_lasting_server() -> Iterator[Start]:
    """The same for servers that many files of tests share; they are stopped in the end."""
    with _servers() as start:
        yield start


@contextmanager
def _servers() -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def start(data: Path, **settings: str) -> Server:
        port = settings.pop("OCRCHAT_PORT", "") or _free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "ocrchat", "up"],
            env={
                **os.environ,
                **settings,
                "OCRCHAT_DATA": str(data),
                "OCRCHAT_PORT": port,
                "DATABASE_URL": "",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        running.append(process)
        token, said = "", []
        assert process.stdout
        for line in process.stdout:
            said.append(line)
            if line.startswith("API token: "):
                token = line.removeprefix("API token: ").strip()
            if line.startswith("Logs and data"):
                return Server(f"http://127.0.0.1:{port}", token, data, process)
        raise AssertionError("the server did not start:\n" + "".join(said))

    try:
        yield start
    finally:
        for process in running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in running:
            process.wait(60)
            if process.stdout:
                process.stdout.close()


@pytest.fixture(scope="session")
def scripted_server(start_lasting_server: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server whose engine reads scripted pages; quick to give up silent workers."""
    return start_lasting_server(
        tmp_path_factory.mktemp("scripted") / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_HEARTBEAT_SECONDS="0.5",
        OCRCHAT_STALLED_SECONDS="2",
    )


@pytest.fixture(scope="session")
def server(start_lasting_server: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server as a user starts it, with the engine that reads print."""
    return start_lasting_server(tmp_path_factory.mktemp("server") / "data")


@pytest.fixture
def until() -> Wait:
    """Wait until something is true: looks every 20 ms, and fails after 60 s."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "waited 60 s in vain"
            time.sleep(0.02)

    return wait


def _free_port() -> str:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return str(trial.getsockname()[1])
