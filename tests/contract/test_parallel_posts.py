"""Posts in parallel are charged what there is, and no more: a small run of `benchmarks.parallel_posts`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_posts_at_once_spend_the_balance_and_no_more() -> None:
    run = [
        sys.executable,
        "-m",
        "benchmarks.parallel_posts",
        "--rounds",
        "2",
        "--posts",
        "40",
        "--balance",
        "7",
    ]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 rounds: charged {7} in each, answers {200: 14, 402: 66}, 0 rounds wrong" in done.stdout
