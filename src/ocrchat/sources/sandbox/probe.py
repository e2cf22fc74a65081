"""Try from inside the lock what must fail there."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from ocrchat.sources.sandbox.lock import Lock

_PLACES = ("/etc/passwd", "/proc/self/environ", "/tmp")  # noqa: S108  only ever opened for reading


def escapes(lock: Lock, memory: int) -> tuple[str, ...]:
    """What a child of this process could still do behind `lock`; empty when the lock holds.

    Forks one child for it. Some milliseconds.
    """
    parent = os.getpid()
    child = os.fork()
    if not child:
        found = 1 << len(_ATTEMPTS)
        try:
            lock.close(memory, parent)
            found = sum(1 << place for place, attempt in enumerate(_ATTEMPTS.values()) if _succeeds(attempt))
        finally:
            os._exit(found)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code < 0 or code >> len(_ATTEMPTS):
        return ("closing it failed",)
    return tuple(name for place, name in enumerate(_ATTEMPTS) if code >> place & 1)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return False
    return True


def _open_some_place() -> None:
    for place in _PLACES:
        if _succeeds(lambda place=place: os.open(place, os.O_RDONLY)):  # type: ignore[misc]
            return
    raise PermissionError


def _fork() -> None:
    if not os.fork():
        os._exit(0)


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "read a file": _open_some_place,
    "open a socket": socket.socket,
    "start a process": _fork,
    "signal its parent": lambda: os.kill(os.getppid(), 0),
}
