"""A cluster for the whole session, and waiting with a deadline instead of sleeping."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from ocrchat_server.embedded.postgres import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One real cluster, started again by whichever test stopped it; 1 s for the first."""
    shared = Cluster(tmp_path_factory.mktemp("shared"))
    yield shared
    shared.stop()


@pytest.fixture
def url(cluster: Cluster) -> str:
    """The shared cluster's address, running."""
    return cluster.start()


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait until something is true: looks every 10 ms, and fails after 20 s."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "waited 20 s in vain"
            time.sleep(0.01)

    return wait


@pytest.fixture
def script() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Run Python source in another process, which is killed with all its session after the test."""
    started: list[subprocess.Popen[str]] = []

    def run(source: str, *args: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", source, *map(str, args)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        with process:  # closes the pipe and waits
            pass


@pytest.fixture
def ask() -> Callable[[str, str], object]:
    """The first value of one statement's answer."""

    def answer(url: str, statement: str) -> object:
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    return answer
