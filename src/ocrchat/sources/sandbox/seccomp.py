"""Take all system calls from a process but those that decoding needs (Linux seccomp)."""

from __future__ import annotations

import errno
import importlib
import os
import resource
from typing import Any

_FREE = (
    *("read", "readv", "pread64", "write", "writev", "lseek", "close", "fstat", "fcntl"),
    *("brk", "munmap", "mremap", "madvise", "futex", "sched_yield", "sched_getaffinity"),
    *("clock_gettime", "clock_getres", "gettimeofday", "getrandom", "getrusage", "sysinfo", "uname"),
    *("getpid", "gettid", "getuid", "geteuid", "getgid", "getegid"),
    *(
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sigaltstack",
        "restart_syscall",
        "exit",
        "exit_group",
    ),
)
_READING = ("newfstatat", "fstatat64", "statx", "stat", "lstat", "getdents64", "readlink", "readlinkat")

_PROT_EXEC = 4
_WRITES = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def restrict(*, reads_files: bool) -> None:
    """Refuse (EPERM) every system call of this process that is not on a short list.

    What is left computes, reads and writes what is open already, allocates memory that cannot be run as a
    program, sets its own limit of processor time and ends itself. With `reads_files` it may also open
    files for reading: only where Landlock says which. Raises OSError. About 1 ms.
    """
    pyseccomp = library()
    allowed = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    equal, masked = pyseccomp.EQ, pyseccomp.MASKED_EQ
    here = pyseccomp.system_arch()

    def allow(name: str, *conditions: tuple[int, int, int, int]) -> None:
        if pyseccomp.resolve_syscall(here, name) >= 0:
            allowed.add_rule(pyseccomp.ALLOW, name, *(pyseccomp.Arg(*one) for one in conditions))

    for name in (*_FREE, *(_READING if reads_files else ())):
        allow(name)
    for name in ("mmap", "mprotect"):
        allow(name, (2, masked, _PROT_EXEC, 0))
    allow("tgkill", (0, equal, os.getpid(), 0))
    allow("prlimit64", (0, equal, 0, 0), (1, equal, resource.RLIMIT_CPU, 0))
    allow("prlimit64", (0, equal, 0, 0), (2, equal, 0, 0))
    if reads_files:
        allow("openat", (2, masked, _WRITES, 0))
    allowed.load()


def library() -> Any:
    """The binding of libseccomp; raises OSError where there is none. Call it before files are locked away."""
    try:
        return importlib.import_module("pyseccomp")
    except (ImportError, RuntimeError) as error:
        raise OSError(f"libseccomp cannot be loaded ({error}); install the package libseccomp2") from error
