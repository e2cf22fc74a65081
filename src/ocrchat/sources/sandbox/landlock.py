"""Take the file system and the network from a process (Linux Landlock)."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""System calls; the same numbers on every architecture (linux/landlock.h)."""

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILES_BY_ABI = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_NET, _SCOPES = 3, 3
_VERSION, _PATH_BENEATH = 1, 1


def abi() -> int | None:
    """The version that the kernel offers; None where it has none (too old, or built without)."""
    try:
        return _call(_CREATE, None, 0, _VERSION)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP):
            return None
        raise


def restrict(readable: Iterable[Path]) -> None:
    """Deny this process and its children every path but reading `readable` and what lies beneath.

    From ABI 4 on TCP is denied too, from 6 on signals and abstract sockets to processes outside. Needs
    no_new_privs or CAP_SYS_ADMIN. What is open already stays open. Raises OSError.
    """
    version = abi() or 0
    files = sum(bits for since, bits in _FILES_BY_ABI.items() if version >= since)
    rules = struct.pack("=QQQ", files, _NET if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _call(_CREATE, ctypes.c_char_p(rules), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path)
        _call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        access = _READ_FILE | (_READ_DIR if path.is_dir() else 0)
        _call(_ADD, ruleset, _PATH_BENEATH, ctypes.c_char_p(struct.pack("=Qi", access, place)), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: ctypes.c_char_p | int | None) -> int:
    wide = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result: int = ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *wide)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
