"""Keep a data folder to one supervisor."""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path

from .errors import DataInUse, DataUnusable


class DataLock:
    """A lock on DATA/lock (flock), held from `take` to `release`.

    The kernel lets it go with the process, however that ends, so it is never stale. The file
    stays, with the last holder's process id in it, for the message only.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        return self._fd is not None

    def take(self) -> None:
        """Hold the folder, or raise DataInUse at once; making the folder if it is not there."""
        if self.held:
            return
        path = self._data / "lock"
        try:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DataUnusable(
                f"{error.filename}: {error.strerror}; start as the user that the data folder belongs to, or "
                "give another one (OCRCHAT_DATA)"
            ) from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(fd, 32).decode(errors="replace").strip()
            os.close(fd)
            raise DataInUse(
                f"process {holder or '(unknown)'} already runs on {self._data}: stop it first, "
                "or give this one another data folder (OCRCHAT_DATA)"
            ) from None
        self._fd = fd
        with contextlib.suppress(OSError):  # a full disk has no room for the number, but for the lock
            os.ftruncate(fd, 0)
            os.write(fd, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let the folder go; nothing happens when it is not held."""
        if self._fd is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._fd, 0)
            os.close(self._fd)
            self._fd = None
