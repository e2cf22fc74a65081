"""Kill everything again and again while jobs come in, then see whether anything is lost or charged twice.

    python -m tests.kill.chaos --seed 1 --scale 1.0

At scale 1: 300 workers, 100 web processes and 50 databases are killed (SIGKILL), and 50 workers stopped for
longer than it takes to be given up (SIGSTOP), one after another in a seeded order, over mixed jobs.
Prints the figures of docs/reliability.md; leaves with 1 when one of them is not as it must be.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import requests

from ocrchat_server.embedded.postgres import Cluster
from tests.drawing import scripted_png, scripted_tiff
from tests.kill.ends import End, end_of

SETTINGS = {
    "OCRCHAT_ENGINE": "scripted",
    "OCRCHAT_WORKERS": "2",
    "OCRCHAT_HEARTBEAT_SECONDS": "1",
    "OCRCHAT_STALLED_SECONDS": "4",
    "OCRCHAT_SETTLE_SECONDS": "3",
    "OCRCHAT_RECONCILE_SECONDS": "10",
    "OCRCHAT_LOG_LEVEL": "WARNING",
    "DATABASE_URL": "",
}
KINDS = {"worker": 300, "web": 100, "database": 50, "zombie": 50}
SLOWEST_RECOVERY = 30.0


@dataclass
class Chaos:
    """A server under attack, and what was promised to its clients."""

    address: str
    token: str
    data: Path
    supervisor: psutil.Process
    accepted: dict[str, list[str]] = field(default_factory=dict)
    refused: int = 0
    recoveries: list[float] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def bearer(self) -> dict[str, str]:
        """The header of the first account."""
        return {"Authorization": f"Bearer {self.token}"}

    def submit_for_ever(self, seed: int) -> None:
        """Post one job after another, short and long, each with texts of its own; count refusals."""
        rng, number = random.Random(seed), 0
        while not self.stopping.is_set():
            number += 1
            pages = rng.choice([1, 1, 1, 2, 5, 12, 30])
            texts = [f"{seed} {number} {page}" for page in range(pages)]
            slow = [f"!wait {rng.choice([0, 0.02, 0.1])}\n{text}" for text in texts]
            data = scripted_png(slow[0]) if pages == 1 else scripted_tiff(slow)
            with suppress(requests.RequestException, ValueError, KeyError):
                answer = requests.post(
                    f"{self.address}/api/v1/ocr/",
                    headers=self.bearer,
                    files={"file": ("a.tif" if pages > 1 else "a.png", data)},
                    timeout=90,
                )
                if answer.status_code in (200, 202):
                    self.accepted[answer.json()["uuid"]] = texts
                else:
                    self.refused += 1
            self.stopping.wait(rng.uniform(0, 0.5))

    def strike(self, kind: str) -> None:
        """Kill one of a kind."""
        found = self._victims(kind)
        for victim in found[:1]:
            with suppress(psutil.NoSuchProcess):
                if kind == "zombie":
                    victim.suspend()
                    time.sleep(float(SETTINGS["OCRCHAT_STALLED_SECONDS"]) + 2)
                    victim.resume()
                else:
                    victim.kill()

    def recovery(self) -> float:
        """Seconds until a job that is posted now is read, or until anything else is, whatever comes first."""
        start, before = time.monotonic(), self._pages_read()
        while time.monotonic() - start < 120:
            now = self._pages_read()
            if before is None:
                before = now
            elif now is not None and now > before:
                break
            time.sleep(0.05)
        return time.monotonic() - start

    def _pages_read(self) -> int | None:
        rows = self.rows("SELECT count(*) FROM jobs_page WHERE status = 'read'")
        return int(rows[0][0]) if rows else None

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database answers; nothing while it is down."""
        try:
            with psycopg.connect(Cluster(self.data).url, connect_timeout=3) as connection:
                return connection.execute(query.encode()).fetchall()
        except psycopg.Error:
            return []

    def _victims(self, kind: str) -> list[psutil.Process]:
        words = {"worker": "worker", "zombie": "worker", "web": "web"}
        found = []
        for child in self.supervisor.children():
            with suppress(psutil.NoSuchProcess):
                is_it = child.name() == "postgres" if kind == "database" else words[kind] in child.cmdline()
                if is_it:
                    found.append(child)
        random.shuffle(found)
        return found


def main() -> int:
    """Run it; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="1 is everything; 0.02 takes a minute")
    wishes = parser.parse_args()
    rng = random.Random(wishes.seed)
    strikes = [kind for kind, most in KINDS.items() for _ in range(max(1, round(most * wishes.scale)))]
    rng.shuffle(strikes)
    with tempfile.TemporaryDirectory() as folder:
        process, chaos = started(Path(folder) / "data")
        try:
            return _report(chaos, _attacked(chaos, strikes, rng, wishes.seed))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _attacked(chaos: Chaos, strikes: list[str], rng: random.Random, seed: int) -> dict[str, int]:
    clients = [threading.Thread(target=chaos.submit_for_ever, args=(seed * 1000 + n,)) for n in range(3)]
    for client in clients:
        client.start()
    done: dict[str, int] = {}
    try:
        time.sleep(2)
        for number, kind in enumerate(strikes, 1):
            chaos.strike(kind)
            done[kind] = done.get(kind, 0) + 1
            chaos.recoveries.append(chaos.recovery())
            time.sleep(rng.uniform(0, 1))
            if number % 10 == 0:
                print(f"{number} of {len(strikes)}, {len(chaos.accepted)} jobs", file=sys.stderr, flush=True)
    finally:
        chaos.stopping.set()
        for client in clients:
            client.join()
    return done


def _report(chaos: Chaos, done: dict[str, int]) -> int:
    ends = {uuid: _awaited(chaos, uuid, texts) for uuid, texts in chaos.accepted.items()}
    wrong = {uuid: end.fault for uuid, end in ends.items() if end.fault}
    given_up = sum(end.given_up for end in ends.values())
    too_soon = chaos.rows("SELECT count(*) FROM jobs_page WHERE status = 'failed' AND attempt <= 3")[0][0]
    begun = chaos.rows("SELECT attempt, count(*) FROM jobs_page GROUP BY attempt ORDER BY attempt")
    charged_twice = chaos.rows(
        "SELECT count(*) FROM (SELECT job, page FROM billing_transfer WHERE reason = 'settle' "
        "GROUP BY job, page HAVING count(*) > 1) AS twice"
    )[0][0]
    unfinished = chaos.rows("SELECT count(*) FROM jobs_job WHERE finished_at IS NULL")[0][0]
    unequal = chaos.rows(
        "SELECT count(*) FROM jobs_job WHERE credits <> (SELECT count(*) FROM jobs_page "
        "WHERE job_id = jobs_job.id AND status = 'read')"
    )[0][0]
    orphans = _orphans(chaos)
    ledger = subprocess.run(
        [sys.executable, "-m", "ocrchat", "ledger", "check"],
        env={**os.environ, **SETTINGS, "OCRCHAT_DATA": str(chaos.data)},
        capture_output=True,
        text=True,
        check=False,
    )
    slowest = max(chaos.recoveries)
    print(f"killed: {done}")
    print(f"jobs accepted: {len(chaos.accepted)}, refused with an error: {chaos.refused}")
    print(f"pages read: {sum(map(len, chaos.accepted.values()))} of accepted jobs")
    print(f"pages by how often they were begun: {dict(begun)}")
    print(f"accepted jobs lost or wrong: {len(wrong)}; never finished: {unfinished}")
    for uuid, fault in wrong.items():
        print(f"    {uuid}: {fault}")
    print(f"pages under way in three killed workers, so given up, told and not charged: {given_up}")
    print(f"pages given up before: {too_soon}")
    print(f"pages charged twice: {charged_twice}; jobs whose charge is not their pages: {unequal}")
    print(f"the ledger's own check: {'passed' if ledger.returncode == 0 else ledger.stdout[-500:]}")
    print(f"orphan blobs after the sweep: {orphans}")
    ordered = sorted(chaos.recoveries)
    median = ordered[len(ordered) // 2]
    late = sum(seconds >= SLOWEST_RECOVERY for seconds in ordered)
    print(f"until the next page was read: median {median:.1f} s, longest {slowest:.1f} s, {late} over 30 s")
    faults = [wrong, too_soon, charged_twice, unfinished, unequal, orphans, ledger.returncode]
    return int(any(faults) or slowest >= SLOWEST_RECOVERY)


def _awaited(chaos: Chaos, uuid: str, texts: list[str]) -> End:
    """How a job ended, which is to have each of its texts and be charged for them; waits for it."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(requests.RequestException, ValueError):
            job = requests.get(f"{chaos.address}/api/v1/ocr/{uuid}/", headers=chaos.bearer, timeout=30).json()
            if job.get("status") in ("done", "failed"):
                return end_of(job, texts)
            if "error" in job and "no job" in job["error"]:
                return End(str(job["error"]))
        time.sleep(0.2)
    return End("not ended")


def _orphans(chaos: Chaos) -> int:
    """Blobs that no row stands for, once the sweep has had its time."""
    deadline, left = time.monotonic() + 90, -1
    while left and time.monotonic() < deadline:
        rows = chaos.rows(
            "SELECT 'jobs/' || replace(job.id::text, '-', '') || '/pages/' || page.index || '-' "
            "|| page.attempt || '.json.gz' FROM jobs_page page JOIN jobs_job job ON job.id = page.job_id"
        )
        uploads = chaos.rows("SELECT 'jobs/' || replace(id::text, '-', '') || '/upload' FROM jobs_job")
        known = {row[0] for row in rows + uploads}
        blobs = chaos.data / "blobs"
        jobs = {row[0].rpartition("/")[0] for row in uploads}
        files = [file for file in (blobs / "jobs").rglob("*") if file.is_file()]
        found = {str(file.relative_to(blobs)) for file in files}
        known |= {key for key in found if "/exports/" in key and key.partition("/exports/")[0] in jobs}
        left = len(found - known) + sum(1 for _ in (blobs / "incoming").iterdir())
        time.sleep(1)
    return left


def started(data: Path) -> tuple[subprocess.Popen[str], Chaos]:
    """A server with that data folder, and what attacks it."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "ocrchat", "up"],
        env={**os.environ, **SETTINGS, "OCRCHAT_DATA": str(data), "OCRCHAT_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    token, said = "", []
    for line in process.stdout or ():
        said.append(line)
        if line.startswith("API token: "):
            token = line.removeprefix("API token: ").strip()
        if line.startswith("Logs and data"):
            threading.Thread(target=_drained, args=(process,), daemon=True).start()
            supervisor = psutil.Process(process.pid)
            return process, Chaos(f"http://127.0.0.1:{port}", token, data, supervisor)
    raise SystemExit("the server did not start:\n" + "".join(said))


def _drained(process: subprocess.Popen[str]) -> None:
    for _ in process.stdout or ():
        pass


if __name__ == "__main__":
    sys.exit(main())
