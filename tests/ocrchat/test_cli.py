"""The command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from ocrchat.exports import FORMATS
from tests.drawing import printed, printed_pages


def _ocrchat(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ocrchat", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_file_is_read_to_stdout(tmp_path: Path) -> None:
    file = tmp_path / "note.png"
    file.write_bytes(printed(["Read me aloud"]))
    done = _ocrchat("read", file, "--language", "en")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Read me aloud\n", "")


def test_files_are_read_into_a_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.pdf").write_bytes(printed_pages([[f"This is {name}"], ["The end"]], "PDF"))
    done = _ocrchat("read", tmp_path / "one.pdf", tmp_path / "two.pdf", "--format", "json", "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("one", "two"):
        document = json.loads((tmp_path / f"{name}.json").read_text())
        assert [f"This is {name}" in page["text"] for page in document["pages"]] == [True, False]


def test_a_bad_file_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    (tmp_path / "good.png").write_bytes(printed(["Good"]))
    done = _ocrchat("read", tmp_path / "bad.png", tmp_path / "missing.png", tmp_path / "good.png")
    assert done.returncode == 1
    assert "Good" in done.stdout
    assert "bad.png" in done.stderr
    assert "missing.png: No such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_wish_is_one_line(tmp_path: Path) -> None:
    done = _ocrchat("read", tmp_path / "x.png", "--format", "exe")
    assert done.returncode == 1
    names = ", ".join(each.name for each in FORMATS)
    assert done.stderr == f"ocrchat: unknown format 'exe'; accepted: {names}\n"


def test_the_languages_are_listed() -> None:
    listed = _ocrchat("languages").stdout
    assert "de       German" in listed
    assert "pp-ocrv6" in listed


def test_the_servers_commands_are_there_too() -> None:
    said = _ocrchat("--help").stdout
    for command in ("read", "up", "web", "worker", "migrate", "doctor", "settings", "account"):
        assert command in said
