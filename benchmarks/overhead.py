"""How much the server adds to the engine's own time: POST of a one-page file against the engine alone.

    python -m benchmarks.overhead [--runs 60] [--engine cpu] [FILE]

Starts a server of its own on a free port with data in a temporary folder. The engine alone is the same
build in a process pool of this program, decoding (behind the same lock) included and not included; all are
timed in turn, so that a drifting machine is fair to them, with a pause before each: this is how long
one person waits, not how much can be done at once.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

from ocrchat.engines import EnginePool
from ocrchat.engines.scripted import scripted_page
from ocrchat.options import Options
from ocrchat.sources import Intake


def main() -> None:
    """Print medians in milliseconds and what the server adds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", help="a one-page file; a scripted page without")
    parser.add_argument("--engine", default="", help="cpu for a file, scripted without one")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds before each call")
    wishes = parser.parse_args()
    engine = wishes.engine or ("cpu" if wishes.file else "scripted")
    with tempfile.TemporaryDirectory() as folder:
        file = wishes.file or _scripted(Path(folder))
        _compare(file, engine, wishes.runs, wishes.pause, Path(folder))


def _compare(file: Path, engine: str, runs: int, pause: float, folder: Path) -> None:
    port, token, server = server_of(engine, folder)
    pool = EnginePool(engine, threads=os.cpu_count() or 1)
    pool.start()
    intake = Intake()
    body, headers = form_of(file, token)
    connection = HTTPConnection("127.0.0.1", port)

    def post() -> None:
        connection.request("POST", "/api/v1/ocr/", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"the server answered {answer.status}")

    with intake.open(file) as source:
        image = source.page(0)

    def read() -> None:
        pool.read(image, Options())

    def decode_and_read() -> None:
        with intake.open(file) as source:
            pool.read(source.page(0), Options())

    try:
        times: dict[str, list[float]] = {"engine": [], "decoder + engine": [], "POST": []}
        for _ in range(runs + 3):
            for name, act in zip(times, (read, decode_and_read, post), strict=True):
                time.sleep(pause)
                times[name].append(_milliseconds(act))
    finally:
        pool.close()
        intake.close()
        server.terminate()
        server.wait()
    medians = {name: statistics.median(found[3:]) for name, found in times.items()}
    for name, median in medians.items():
        ordered = sorted(times[name][3:])
        print(f"{name:18} p50 {median:8.1f} ms   p90 {ordered[int(len(ordered) * 0.9)]:8.1f} ms")
    print(f"added to the engine's time: {medians['POST'] - medians['engine']:.1f} ms (p50)")
    print(f"added to decoder + engine:  {medians['POST'] - medians['decoder + engine']:.1f} ms (p50)")


def _milliseconds(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def server_of(engine: str, folder: Path) -> tuple[int, str, subprocess.Popen[str]]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    own = {"OCRCHAT_DATA": str(folder / "data"), "OCRCHAT_PORT": str(port), "OCRCHAT_ENGINE": engine}
    server = subprocess.Popen(
        [sys.executable, "-m", "ocrchat", "up"],
        env={**os.environ, **own, "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    token = ""
    for line in server.stdout or ():
        if line.startswith("API token: "):
            token = line.removeprefix("API token: ").strip()
        if line.startswith("Logs and data"):
            return port, token, server
    raise SystemExit("the server did not start")


def form_of(file: Path, token: str) -> tuple[bytes, dict[str, str]]:
    boundary = uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
    body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    return body, {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={boundary}",
    }


def _scripted(folder: Path) -> Path:
    from PIL import Image

    file = folder / "page.png"
    Image.fromarray(scripted_page("one page", 800, 600)).save(file)
    return file


if __name__ == "__main__":
    main()
