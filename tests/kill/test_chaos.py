"""The small form of `make chaos`: some of everybody is killed while jobs come in."""

from __future__ import annotations

import subprocess
import sys


def test_nothing_is_lost_and_nothing_is_charged_twice() -> None:
    command = [sys.executable, "-m", "tests.kill.chaos", "--seed", "3", "--scale", "0.02"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost or wrong: 0" in done.stdout
    assert "charged twice: 0" in done.stdout
    assert "orphan blobs after the sweep: 0" in done.stdout
