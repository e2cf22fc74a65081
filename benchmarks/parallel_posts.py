"""Whether parallel posts are charged what there is, and no more.

    python -m benchmarks.parallel_posts [--rounds 50] [--posts 200] [--balance 20]

Starts a server of its own (the scripted engine) in a temporary folder. In each round an account with exactly
so many credits posts so many one-page files at once, each over a connection of its own. Every answer must be
200 or 202, as many as there were credits, or 402 with `used` and `cap`; afterwards exactly the balance must
be earned, nothing held, and the ledger sound. Exit status 1 where it is not.
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
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

PLANS = """
plans:
  anonymous: {title: None, allowance: 0, period: day, pages_a_file: 100, requests_a_minute: null}
  free: {title: Free, allowance: 0, period: month, pages_a_file: 100, requests_a_minute: null}
  unlimited: {title: All, allowance: null, period: month, pages_a_file: 2000, requests_a_minute: null}
"""


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round: answers by status, credits that were earned, what is wrong."""

    statuses: Counter[int]
    earned: int
    seconds: float
    faults: tuple[str, ...]


def main() -> None:
    """Print a line for each round, and the sum."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--balance", type=int, default=20)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, address = _started(Path(folder))
        try:
            use_database_of(Path(folder) / "data")
            done = [_told(number, address, wishes) for number in range(1, wishes.rounds + 1)]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    wrong = [each for each in done if each.faults]
    charged = {each.earned for each in done}
    statuses = dict(sorted(sum((each.statuses for each in done), Counter[int]()).items()))
    print(f"{len(done)} rounds: charged {charged} in each, answers {statuses}, {len(wrong)} rounds wrong")
    raise SystemExit(1 if wrong else 0)


def one_round(address: str, posts: int, balance: int) -> Round:
    """An account with so many credits posts so many files at once; `use_database_of` goes before."""
    from ocrchat_server.accounts.services import create_account
    from ocrchat_server.billing import audit
    from ocrchat_server.billing.models import House
    from ocrchat_server.billing.services import give

    account, token = create_account(f"{time.time_ns()}@example.org", "free")
    give(account.id, balance, "a round")
    before = audit.totals().get(House.EARNED, 0)
    start = time.perf_counter()
    answers = _posted(address, token, posts)
    seconds = time.perf_counter() - start
    statuses = Counter(status for status, _ in answers)
    faults = [f"{status}: {text}" for status, text in answers if status not in (200, 202, 402)]
    faults += [text for status, text in answers if status == 402 and not _is_sound(text, balance)]
    if statuses[200] + statuses[202] != balance:
        faults.append(f"{statuses[200] + statuses[202]} posts were taken, with {balance} credits")
    earned, held = _settled(before)
    if (earned, held) != (balance, 0):
        faults.append(f"{earned} credits were earned and {held} are held, of {balance}")
    faults += [f"{fault.rule}: {fault.what}" for fault in audit.faults()]
    if total := sum(audit.totals().values()):
        faults.append(f"all purses together hold {total}")
    return Round(statuses, earned, seconds, tuple(faults))


def use_database_of(data: Path) -> None:
    """Set Django up for the database of a server that runs there."""
    from ocrchat_server.config.environment import environment
    from ocrchat_server.embedded.postgres import Cluster

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "ocrchat_server.config.settings",
        "DATABASE_URL": Cluster(data).url,
        "OCRCHAT_DATA": str(data),
    }
    environment.cache_clear()
    import django

    django.setup()


def _posted(address: str, token: str, posts: int) -> list[tuple[int, str]]:
    """The status and the body of each answer; all are sent when every thread is there."""
    from tests.drawing import scripted_png

    png, together = scripted_png("a page"), threading.Barrier(posts)

    def post(_: int) -> tuple[int, str]:
        together.wait(120)
        answer = requests.post(
            f"{address}/api/v1/ocr/",
            headers={"Authorization": f"Bearer {token}"},
            files={"file": ("a.png", png)},
            timeout=300,
        )
        return answer.status_code, answer.text

    with ThreadPoolExecutor(posts) as threads:
        return list(threads.map(post, range(posts)))


def _is_sound(text: str, balance: int) -> bool:
    """A 402 says that all is used, or at least asked for, out of what there was."""
    return f'"used": {balance}' in text and f'"cap": {balance}' in text


def _settled(before: int) -> tuple[int, int]:
    """Credits earned since, and held; waits up to a minute for jobs that were answered 202."""
    from ocrchat_server.billing import audit
    from ocrchat_server.billing.models import House

    deadline = time.monotonic() + 60
    while True:
        totals = audit.totals()
        if not totals.get(House.HELD, 0) or time.monotonic() > deadline:
            return totals.get(House.EARNED, 0) - before, totals.get(House.HELD, 0)
        time.sleep(0.2)


def _told(number: int, address: str, wishes: argparse.Namespace) -> Round:
    done = one_round(address, wishes.posts, wishes.balance)
    print(f"{number:3}: {dict(done.statuses)}, charged {done.earned}, {done.seconds:.1f} s", flush=True)
    for fault in done.faults:
        print(f"     WRONG {fault}")
    return done


def _started(folder: Path) -> tuple[subprocess.Popen[str], str]:
    (folder / "plans.yaml").write_text(PLANS)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = str(trial.getsockname()[1])
    env = {
        **os.environ,
        "OCRCHAT_DATA": str(folder / "data"),
        "OCRCHAT_PLANS": str(folder / "plans.yaml"),
        "OCRCHAT_ENGINE": "scripted",
        "OCRCHAT_PORT": port,
        "DATABASE_URL": "",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ocrchat", "up"], env=env, stdout=subprocess.PIPE, text=True
    )
    for line in process.stdout or ():
        if line.startswith("Logs and data"):
            return process, f"http://127.0.0.1:{port}"
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
