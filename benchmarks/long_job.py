"""A long document over HTTP: posted, read, downloaded in every format, with the memory that each takes.

    python -m benchmarks.long_job [--pages 1000] [FORMAT ...]

Draws a PDF of dense text pages, starts a server of its own in a temporary folder, posts the file, waits for
its end and downloads each format twice: the first time the server makes it, unless the worker has (the
searchable PDF, at the job's end), the second time it is kept. Meanwhile the resident memory of the web
process, the worker and the largest of their children is looked at 50 times a second; processor seconds are
those of all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import psutil

from benchmarks.overhead import form_of, server_of
from benchmarks.text_layers import drawn, tree_seconds
from ocrchat.exports import FORMATS

ROLES = ("web", "worker", "children")
_LOOK_SECONDS = 0.02
_PIECE = 1 << 20


@dataclass(slots=True)
class Watch:
    """The largest resident memory of each role since the last `reset`, in bytes."""

    root: psutil.Process
    peaks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))
    _known: dict[int, tuple[str, psutil.Process]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look until `stop`; which processes there are is asked every tenth time."""
        looks = 0
        while not self._over.wait(_LOOK_SECONDS):
            if looks % 10 == 0:
                self._find()
            looks += 1
            for role, process in list(self._known.values()):
                with suppress(psutil.Error):
                    self.peaks[role] = max(self.peaks[role], process.memory_info().rss)

    def reset(self) -> None:
        """Begin anew."""
        self.peaks = dict.fromkeys(ROLES, 0)

    def stop(self) -> None:
        """Look no more."""
        self._over.set()

    def _find(self) -> None:
        with suppress(psutil.Error):
            for process in self.root.children(recursive=True):
                with suppress(psutil.Error):
                    words = process.cmdline()
                    role = next((each for each in ROLES[:2] if words[-1:] == [each]), "")
                    if not role and any("ocrchat" in word for word in words):
                        role = "children"
                    if role:
                        self._known[process.pid] = role, process


def main() -> None:
    """Print a line for the job and one for each format."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("formats", nargs="*", default=[each.name for each in FORMATS], metavar="FORMAT")
    parser.add_argument("--pages", type=int, default=1000)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = drawn(folder / "long.pdf", wishes.pages)
        print(f"{wishes.pages} pages, {file.stat().st_size / 1e6:.1f} MB", flush=True)
        port, token, server = server_of("cpu", folder)
        watch = Watch(psutil.Process(server.pid))
        thread = threading.Thread(target=watch.run)
        thread.start()
        try:
            _measure(HTTPConnection("127.0.0.1", port), token, file, wishes.formats, watch)
        finally:
            watch.stop()
            thread.join()
            server.terminate()
            server.wait()


def _measure(server: HTTPConnection, token: str, file: Path, formats: list[str], watch: Watch) -> None:
    print(
        f"{'':12}{'seconds':>9}{'cpu s':>8}{'again':>8}{'MB web':>8}{'worker':>8}{'child':>8}{'MB file':>9}"
    )
    bearer = {"Authorization": f"Bearer {token}"}
    body, headers = form_of(file, token)
    start, used = time.perf_counter(), tree_seconds(watch.root.pid)
    server.request("POST", "/api/v1/ocr/", body, headers)
    job = json.loads(server.getresponse().read())
    while job["status"] not in ("done", "failed"):
        time.sleep(0.5)
        server.request("GET", f"/api/v1/ocr/{job['uuid']}/?pages=1", headers=bearer)
        job = json.loads(server.getresponse().read())
    cpu = tree_seconds(watch.root.pid) - used
    _line(f"job {job['status']}", time.perf_counter() - start, cpu, None, watch, len(body))
    for name in formats:
        watch.reset()
        used = tree_seconds(watch.root.pid)
        address = f"/api/v1/ocr/{job['uuid']}/download/?format={name}"
        first, size, digest = _downloaded(server, address, bearer)
        cpu = tree_seconds(watch.root.pid) - used
        again, _, same = _downloaded(server, address, bearer)
        if digest != same:
            raise SystemExit(f"{name} is another the second time")
        _line(name, first, cpu, again, watch, size)


def _downloaded(server: HTTPConnection, address: str, headers: dict[str, str]) -> tuple[float, int, str]:
    """Seconds, bytes and the SHA-256 of a download."""
    start, size, digest = time.perf_counter(), 0, hashlib.sha256()
    server.request("GET", address, headers=headers)
    answer = server.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{address}: {answer.status} {answer.read(300)!r}")
    while piece := answer.read(_PIECE):
        size += len(piece)
        digest.update(piece)
    return time.perf_counter() - start, size, digest.hexdigest()


def _line(name: str, first: float, cpu: float, again: float | None, watch: Watch, size: int) -> None:
    seconds = f"{first:9.1f}{cpu:8.1f}{'' if again is None else f'{again:.2f}':>8}"
    memory = "".join(f"{watch.peaks[role] / 2**20:8.0f}" for role in ROLES)
    print(f"{name:12}{seconds}{memory}{size / 1e6:9.1f}", flush=True)


if __name__ == "__main__":
    main()
