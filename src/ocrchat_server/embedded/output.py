"""Take what children print: into log files, or as lines with the child's name before them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

LARGEST_LOG = (
    10 * 1024 * 1024
)  # bytes at a start; then the file becomes NAME.log.1, and the one before it goes
LONGEST_LINE = 64 * 1024  # bytes; a longer line is announced in pieces


def open_log(path: Path) -> BinaryIO:
    """The log file, for appending; a large one is put aside first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, of at most 16 KiB; empty where there is none."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 16 * 1024))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


class Lines:
    """The output of one child, cut into lines as it arrives."""

    def __init__(self, fd: int, name: str, announce: Callable[[str], None]) -> None:
        os.set_blocking(fd, False)
        self.fd = fd
        self._name, self._announce = name, announce
        self._rest = b""

    def read(self) -> bool:
        """Announce the lines that have arrived; False when nothing has, or nothing will any more."""
        try:
            data = os.read(self.fd, 64 * 1024)
        except BlockingIOError:
            return False
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            whole, self._rest = [*whole, self._rest], b""
        self._say(whole)
        return bool(data)

    def finish(self) -> None:
        """Announce all that is left, the last line even without its end."""
        while self.read():
            pass
        if self._rest:
            self._say([self._rest])
            self._rest = b""

    def _say(self, lines: list[bytes]) -> None:
        for line in lines:
            self._announce(f"{self._name} | {line.decode(errors='replace').rstrip()}")
