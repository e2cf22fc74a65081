"""Load a server of this machine's own: polls beside posts, slow clients, a deep queue, memory.

    python -m benchmarks.load                       # 100 polls/s beside 20 posts/s for 20 s
    python -m benchmarks.load --slow 200            # the same again beside 200 slow clients
    python -m benchmarks.load --queue 100000        # a small job before and behind so many pages
    python -m benchmarks.load --memory 10000        # resident memory after so many small jobs

Starts a server with the engine of the tests, which takes no time to read, so that what is measured is the
server. Requests are sent when they are due, whether the last was answered or not: a server that is late shows
it. Processor seconds are those of everything that the server is, whoever else uses the machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from PIL import Image

from ocrchat.engines.scripted import scripted_page

SETTINGS = {
    "OCRCHAT_ENGINE": "scripted",
    "OCRCHAT_LOG_LEVEL": "WARNING",
    "OCRCHAT_OUTSTANDING_PAGES_EACH": "200000",
    "DATABASE_URL": "",
}
_BOUNDARY = "----ocrchat-load"
PAGES_A_FILE = 2000
_IDLE_SECONDS = 5
"""After that, files that were kept open are closed, and so are the children that had them."""


@dataclass
class Target:
    """A server under load; each thread keeps a connection of its own."""

    address: str
    token: str
    process: psutil.Process
    _local: threading.local = field(default_factory=threading.local)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body of an answer; 0 where none came."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={_BOUNDARY}"
        for _ in range(2):
            kept = getattr(self._local, "connection", None)
            line = kept or HTTPConnection(urlsplit(self.address).netloc, timeout=120)
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                data = answer.read()
                self._local.connection = line
                return answer.status, data
            except (OSError, HTTPException):
                self._local.connection = None
                line.close()
        return 0, b""

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        """The server's own processes below its supervisor, with their roles; what they started counts too."""
        for child in self.process.children():
            with suppress(psutil.Error):
                words = child.cmdline()
                role = next((each for each in ("web", "worker") if each in words), "database")
                yield role, child
                for below in child.children(recursive=True):
                    yield role, below

    def processor_seconds(self) -> dict[str, float]:
        """What each role has used by now, with those of its children that have ended."""
        found: dict[str, float] = {}
        for role, process in self.processes():
            with suppress(psutil.Error):
                found[role] = found.get(role, 0.0) + sum(process.cpu_times()[:4])
        return found

    def memory(self) -> dict[str, float]:
        """Resident megabytes of each role, without what processes share, when it was idle for a moment."""
        found: dict[str, float] = {}
        time.sleep(_IDLE_SECONDS)
        for role, process in self.processes():
            with suppress(psutil.Error):
                found[role] = found.get(role, 0.0) + process.memory_full_info().uss / 1e6
        return found


@dataclass
class Tally:
    """Seconds from when a request was due to its answer, and how many were not answered well."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0

    def line(self, name: str) -> str:
        """Percentiles in milliseconds."""
        ranked = sorted(self.seconds) or [float("nan")]
        at = [ranked[min(len(ranked) - 1, int(len(ranked) * share))] * 1000 for share in (0.5, 0.95, 0.99)]
        return (
            f"{name:6} n {len(self.seconds):5}  p50 {at[0]:6.0f}  p95 {at[1]:6.0f}  p99 {at[2]:6.0f} ms"
            f"  failed {self.failed}"
        )

    def p95(self) -> float:
        """In seconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--polls", type=float, default=100, help="a second")
    parser.add_argument("--posts", type=float, default=20, help="a second")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--slow", type=int, default=0)
    parser.add_argument("--queue", type=int, default=0)
    parser.add_argument("--memory", type=int, default=0)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder) / "data", wishes.workers) as target:
        small = _form("a.png", _picture(["a small job"]))
        known = [_posted(target, small) for _ in range(20)]
        if wishes.queue:
            _behind_a_queue(target, wishes.queue, small)
        elif wishes.memory:
            _after_many(target, wishes.memory, small)
        else:
            _mixed(target, wishes, small, known)


def _mixed(target: Target, wishes: argparse.Namespace, small: bytes, known: Sequence[str]) -> None:
    before = _run(target, wishes, small, known, "alone")
    if wishes.slow:
        with _slow_clients(target, wishes.slow, small):
            beside = _run(target, wishes, small, known, f"beside {wishes.slow} slow clients")
        for name in before:
            print(f"{name}: p95 is {beside[name].p95() / before[name].p95():.2f} times that without them")


def _run(
    target: Target, wishes: argparse.Namespace, small: bytes, known: Sequence[str], name: str
) -> dict[str, Tally]:
    polls, posts = Tally(), Tally()
    used, start = target.processor_seconds(), time.monotonic()
    with ThreadPoolExecutor(128) as clients:
        paces = [
            _paced(
                clients, polls, wishes.polls, wishes.seconds, lambda n: _poll(target, known[n % len(known)])
            ),
            _paced(clients, posts, wishes.posts, wishes.seconds, lambda _: _post(target, small)),
        ]
        for pace in paces:
            pace.join()
    seconds = time.monotonic() - start
    spent = {role: round(each - used.get(role, 0), 1) for role, each in target.processor_seconds().items()}
    print(f"{name}: {seconds:.1f} s, processor seconds: {spent}")
    print(polls.line("polls"))
    print(posts.line("posts"), flush=True)
    return {"polls": polls, "posts": posts}


def _paced(
    clients: ThreadPoolExecutor,
    tally: Tally,
    rate: float,
    seconds: float,
    act: Callable[[int], tuple[int, bytes]],
) -> threading.Thread:
    """Have `act` called so often a second by whichever client is free; the thread that keeps the time."""
    start, lock = time.monotonic() + 0.2, threading.Lock()

    def one(number: int, due: float) -> None:
        status, _ = act(number)
        with lock:
            if status in (200, 202):
                tally.seconds.append(time.monotonic() - due)
            else:
                tally.failed += 1

    def keep_time() -> None:
        for number in range(int(rate * seconds)):
            due = start + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            clients.submit(one, number, due)

    pace = threading.Thread(target=keep_time)
    pace.start()
    return pace


def _behind_a_queue(target: Target, pages: int, small: bytes) -> None:
    """A small job's seconds while workers are busy with one long job, and with a queue behind that."""
    print(_one_by_one(target, small).line("idle"))
    long = _form("long.tif", _picture(["!wait 0.02\npage"] * PAGES_A_FILE))
    _posted(target, long)
    busy = _one_by_one(target, small)
    print(busy.line("busy"), flush=True)
    for _ in range(pages // PAGES_A_FILE - 1):
        _posted(target, long)
    deep = _one_by_one(target, small)
    print(deep.line(f"{pages}"))
    print(
        f"median behind {pages} pages over median behind {PAGES_A_FILE}: "
        f"{_median(deep.seconds) / _median(busy.seconds):.2f}"
    )


def _one_by_one(target: Target, small: bytes, jobs: int = 60) -> Tally:
    tally = Tally()
    for _ in range(jobs):
        start = time.monotonic()
        status, _ = _post(target, small)
        tally.seconds.append(time.monotonic() - start)
        tally.failed += status != 200
    return tally


def _after_many(target: Target, jobs: int, small: bytes) -> None:
    """Memory after the first tenth of the jobs, when all that is kept is kept, and after all of them."""

    def some(number: int) -> None:
        with ThreadPoolExecutor(8) as clients:
            list(clients.map(lambda _: _post(target, small), range(number)))

    some(jobs // 10)
    before = target.memory()
    for _ in range(9):
        some(jobs // 10)
        print({role: round(size, 1) for role, size in target.memory().items()}, flush=True)
    after = target.memory()
    for role in sorted(after):
        print(
            f"{role}: {before[role]:.1f} MB, then {after[role]:.1f}: {after[role] / before[role]:.3f} times"
        )


@contextmanager
def _slow_clients(target: Target, number: int, small: bytes) -> Iterator[None]:
    """So many clients that send a byte of their file each second, and never an end."""
    parts, lines = urlsplit(target.address), []
    head = (
        f"POST /api/v1/ocr/ HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {target.token}\r\n"
        f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: {len(small)}\r\n\r\n"
    ).encode()
    for _ in range(number):
        line = socket.create_connection((parts.hostname or "", parts.port or 80))
        line.sendall(head + small[:200])
        lines.append(line)
    over = threading.Event()

    def drip() -> None:
        at = 200
        while not over.wait(1.0):
            at += 1
            for line in lines:
                with suppress(OSError):
                    line.send(small[at : at + 1])

    dripping = threading.Thread(target=drip)
    dripping.start()
    yield
    over.set()
    dripping.join()
    for line in lines:
        line.close()


def _poll(target: Target, uuid: str) -> tuple[int, bytes]:
    return target.ask("GET", f"/api/v1/ocr/{uuid}/")


def _post(target: Target, form: bytes) -> tuple[int, bytes]:
    return target.ask("POST", "/api/v1/ocr/", form)


def _posted(target: Target, form: bytes) -> str:
    status, body = _post(target, form)
    if status not in (200, 202):
        raise SystemExit(f"a job was not accepted: {status} {body[:200]!r}")
    return body.decode().partition('"uuid":"')[2][:32]


def _form(name: str, data: bytes) -> bytes:
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()


def _picture(texts: Sequence[str]) -> bytes:
    """A scripted file: a PNG, or a TIFF of small pages."""
    file, pages = BytesIO(), [Image.fromarray(scripted_page(text, 64, 48)) for text in texts]
    if len(pages) == 1:
        pages[0].save(file, "PNG")
    else:
        pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:])
    return file.getvalue()


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


@contextmanager
def _server(data: Path, workers: int) -> Iterator[Target]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    own = {"OCRCHAT_DATA": str(data), "OCRCHAT_PORT": str(port), "OCRCHAT_WORKERS": str(workers)}
    process = subprocess.Popen(
        [sys.executable, "-m", "ocrchat", "up"],
        env={**os.environ, **SETTINGS, **own},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    token = ""
    for line in process.stdout or ():
        if line.startswith("API token: "):
            token = line.removeprefix("API token: ").strip()
        if line.startswith("Logs and data"):
            break
    try:
        yield Target(f"http://127.0.0.1:{port}", token, psutil.Process(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


if __name__ == "__main__":
    main()
