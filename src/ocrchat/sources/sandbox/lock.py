"""Close the lock around a decode child, and say what it is made of."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ocrchat.sources.sandbox import landlock, seccomp

NOBODY = 65534
"""User and group that a zygote started by root becomes."""

_SET_PDEATHSIG, _SET_DUMPABLE, _SET_NO_NEW_PRIVS = 1, 4, 38


@dataclass(frozen=True, slots=True)
class LockReport:
    """What keeps a decode child in; `landlock` is its ABI, None where the kernel has none."""

    system: str
    user: int
    rlimits: bool
    no_new_privs: bool
    seccomp: bool
    landlock: int | None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is weaker here than on a current Linux, one sentence each."""
        if self.system != "linux":
            return (
                f"{self.system} offers no seccomp: decoders run in a process of their own under rlimits only",
            )
        found = []
        if self.landlock is None:
            found.append("the kernel has no Landlock: decoders open no file, so PDFs lack the system's fonts")
        if self.user == 0:
            found.append("decoders run as root: the kernel does not let them become nobody")
        return tuple(found)

    def values(self) -> dict[str, Any]:
        """The report as it travels from the zygote."""
        return asdict(self)

    @staticmethod
    def from_values(values: Mapping[str, Any]) -> LockReport:
        """The report that `values` gave."""
        return LockReport(**values)


class Lock:
    """The lock of all children of one zygote: made there once, closed by each child for itself."""

    def __init__(self, readable: Iterable[Path], user: int | None = NOBODY) -> None:
        """Take from this process what no child needs: new rights, files but `readable`, and being root.

        A root process becomes `user`; None leaves it root. Raises OSError where Linux has a part of the
        lock and refuses it; then nothing may be decoded.
        """
        linux = sys.platform == "linux"
        self._mapped = _mapped()
        self._allowance: seccomp.Allowance | None = None
        version = None
        if linux:
            _prctl(_SET_NO_NEW_PRIVS, 1)
            version = landlock.abi()
            self._allowance = seccomp.Allowance(reads_files=version is not None)
            if version is not None:
                landlock.restrict(readable)
        if user is not None:
            _leave_root(user)
        if linux:
            _prctl(_SET_DUMPABLE, 0)
        self.report = LockReport(sys.platform, os.getuid(), True, linux, linux, version)

    def close(self, memory: int, parent: int) -> None:
        """Close the lock around this process, a fresh child of `parent`, before it sees a byte.

        `memory` is bytes of address space beyond what the zygote had mapped. Raises OSError; the child
        must then end.
        """
        if self._allowance:
            _prctl(_SET_PDEATHSIG, signal.SIGKILL)
            _prctl(_SET_DUMPABLE, 0)
        if os.getppid() != parent:
            raise ProcessLookupError("the zygote is gone")
        _limit(resource.RLIMIT_AS, self._mapped + memory)
        for what, most in (
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_NOFILE, 32),
        ):
            _limit(what, most)
        for name in ("RLIMIT_NPROC", "RLIMIT_MEMLOCK", "RLIMIT_MSGQUEUE"):
            if hasattr(resource, name):
                _limit(getattr(resource, name), 0)
        if self._allowance:
            self._allowance.close()


def limit_processor(seconds: int) -> None:
    """From now on this process may use `seconds` of processor time more; then SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _leave_root(user: int) -> None:
    """Become `user` and its group; without the right to, stay root, and the report says so."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(ValueError) if sys.platform == "darwin" else contextlib.nullcontext():
        resource.setrlimit(what, (most, most))


def _mapped() -> int:
    """Bytes of address space of this process; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0):
        code = ctypes.get_errno()
        raise OSError(code, f"prctl {option}: {os.strerror(code)}")
