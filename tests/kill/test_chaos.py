"""The small forms of `make chaos`: everybody is killed while jobs come in, or while a long one is read."""

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


def test_a_long_pdf_is_read_and_charged_once_whoever_dies() -> None:
    command = [sys.executable, "-m", "tests.kill.long", "--pages", "120", "--kills", "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "wrong text: 0; pages there: 120" in done.stdout
    assert "charges: 120, of pages: 120, credits: 120" in done.stdout
