"""Read one long PDF while its workers are killed again and again: right text, each page charged once.

    python -m tests.kill.long --pages 1000 --kills 10

Prints what came of it; leaves with 1 when a text is wrong, a page was charged twice or not at all.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path

import requests

from tests.drawing import scripted_pdf
from tests.kill.chaos import Chaos, started

PATIENCE = 1800.0


def main() -> int:
    """Run it; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    wishes = parser.parse_args()
    texts = [f"page {number} of {wishes.pages}" for number in range(1, wishes.pages + 1)]
    with tempfile.TemporaryDirectory() as folder:
        process, chaos = started(Path(folder) / "data")
        try:
            return _read(chaos, texts, wishes.kills)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _read(chaos: Chaos, texts: list[str], kills: int) -> int:
    file = scripted_pdf([f"!wait 0.02\n{text}" for text in texts])
    start = time.monotonic()
    answer = requests.post(
        f"{chaos.address}/api/v1/ocr/",
        headers=chaos.bearer,
        files={"file": ("long.pdf", file)},
        timeout=120,
    )
    uuid = answer.json()["uuid"]
    for kill in range(kills):
        _wait_for(chaos, uuid, len(texts) * (kill + 1) // (kills + 1))
        chaos.strike("worker")
        print(f"killed a worker after {_done(chaos, uuid)} pages", file=sys.stderr, flush=True)
    _wait_for(chaos, uuid, len(texts))
    seconds = time.monotonic() - start
    job = requests.get(f"{chaos.address}/api/v1/ocr/{uuid}/", headers=chaos.bearer, timeout=120).json()
    wrong = [index for index, page in enumerate(job["pages"]) if page["text"] != texts[index]]
    charges = chaos.rows(
        f"SELECT count(*), count(DISTINCT page), coalesce(sum(amount), 0) FROM billing_transfer "  # noqa: S608
        f"WHERE reason = 'settle' AND job = '{uuid}'"
    )[0]
    attempts = chaos.rows("SELECT count(*) FILTER (WHERE attempt > 1), max(attempt) FROM jobs_page")[0]
    print(f"{len(texts)} pages, {kills} workers killed, {seconds:.0f} s")
    print(f"status: {job['status']}; pages with a wrong text: {len(wrong)}; pages there: {len(job['pages'])}")
    print(
        f"charges: {charges[0]}, of pages: {charges[1]}, credits: {charges[2]}, the job says {job['credits']}"
    )
    print(f"pages that were begun more than once: {attempts[0]}, at most {attempts[1]} times")
    right = job["status"] == "done" and not wrong and len(job["pages"]) == len(texts)
    return int(not right or {*charges, job["credits"]} != {len(texts)})


def _done(chaos: Chaos, uuid: str) -> int:
    try:
        answer = requests.get(f"{chaos.address}/api/v1/ocr/{uuid}/?pages=1", headers=chaos.bearer, timeout=30)
        return int(answer.json().get("pages_done", 0))
    except (requests.RequestException, ValueError):
        return 0


def _wait_for(chaos: Chaos, uuid: str, pages: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _done(chaos, uuid) < pages:
        if time.monotonic() > deadline:
            raise SystemExit(f"{pages} pages were not read within {PATIENCE:.0f} s")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
