"""Take all system calls from a process but those that decoding needs (Linux seccomp)."""

from __future__ import annotations

import errno
import fcntl
import importlib
import os
import resource
from typing import Any

_FREE = (
    *("read", "readv", "pread64", "write", "writev", "lseek", "close", "fstat", "recvmsg"),
    *("brk", "munmap", "mremap", "madvise", "futex", "sched_yield", "sched_getaffinity"),
    *("clock_gettime", "clock_getres", "gettimeofday", "getrandom", "getrusage", "sysinfo", "uname"),
    *("getpid", "gettid", "getuid", "geteuid", "getgid", "getegid", "tgkill", "exit", "exit_group"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall"),
)
_READING = ("newfstatat", "fstatat64", "statx", "stat", "getdents64")
_DESCRIPTORS = (fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_GETFL)
"""All of fcntl(2) that is needed; F_SETOWN and F_SETSIG would send signals to other processes."""

_PROT_EXEC = 4
_EMPTY_PATH = 0x1000
"""The flag of newfstatat(2) that glibc's fstat sets: it is about a descriptor, not a path."""

_WRITES = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Allowance:
    """What a child may still do, made ready in the zygote because that takes a millisecond.

    It may compute, read and write what is open already, allocate memory that cannot be run as a program,
    set its own limit of processor time, and end itself. With `reads_files` it may also open files for
    reading: only where Landlock says which. Everything else is refused with EPERM. Raises OSError.
    """

    def __init__(self, *, reads_files: bool) -> None:
        self._library = library()
        equal, masked = self._library.EQ, self._library.MASKED_EQ
        self._filter = self._library.SyscallFilter(self._library.ERRNO(errno.EPERM))
        for name in (*_FREE, *(_READING if reads_files else ())):
            self._allow(name)
        self._allow("newfstatat", (3, equal, _EMPTY_PATH))
        for command in _DESCRIPTORS:
            self._allow("fcntl", (1, equal, command))
        for name in ("mmap", "mprotect"):
            self._allow(name, (2, masked, _PROT_EXEC, 0))
        self._allow("prlimit64", (0, equal, 0), (1, equal, resource.RLIMIT_CPU))
        self._allow("prlimit64", (0, equal, 0), (2, equal, 0))
        if reads_files:
            self._allow("openat", (2, masked, _WRITES, 0))

    def close(self) -> None:
        """Leave this process nothing else, for good. Half a millisecond."""
        own = self._library.SyscallFilter(self._library.ALLOW)
        others = self._library.Arg(0, self._library.NE, os.getpid())
        own.add_rule(self._library.ERRNO(errno.EPERM), "tgkill", others)  # abort(3) sends itself a signal
        own.load()
        self._filter.load()

    def _allow(self, name: str, *conditions: tuple[int, ...]) -> None:
        """Allow a system call, where this architecture has it, if its arguments are as said."""
        if self._library.resolve_syscall(self._library.system_arch(), name) >= 0:
            arguments = [self._library.Arg(*condition) for condition in conditions]
            self._filter.add_rule(self._library.ALLOW, name, *arguments)


def library() -> Any:
    """The binding of libseccomp; raises OSError where there is none. Call it before files are locked away."""
    try:
        return importlib.import_module("pyseccomp")
    except (ImportError, RuntimeError) as error:
        raise OSError(f"libseccomp cannot be loaded ({error}); install the package libseccomp2") from error
