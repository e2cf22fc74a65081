"""Close the lock as a zygote and its child would, and try to get out: `python -m tests.hostile.escapes root`.

Prints for each attempt what came of it. `root` stays root behind the lock, `nobody` becomes nobody
before anything else, as if it had started everything; `unlocked` closes no lock and tries what is
harmless, to show that the attempts are real.
"""

import ctypes
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from ocrchat.sources.sandbox import seccomp
from ocrchat.sources.sandbox.lock import NOBODY, Lock

MEMORY = 1_000_000_000
HARMLESS = {
    "read /etc/passwd",
    "list the root",
    "make a memory file",
    "open a TCP socket",
    "start a program",
    "fork",
}
HARMLESS |= {"start a thread", "map 3 GB", "make memory that can run", "make a pair of sockets"}


def libc(name: str, *arguments: object) -> None:
    """Call the C library past Python; raise OSError where it says that it failed."""
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)


def fork() -> None:
    if not os.fork():
        os._exit(0)


def own_signal_to(pid: int) -> Callable[[], object]:
    """Have the kernel send a deadly signal to a process when a descriptor becomes ready."""
    import fcntl

    def attempt() -> None:
        near, far = os.pipe()
        fcntl.fcntl(near, fcntl.F_SETOWN, pid)
        fcntl.fcntl(near, 10, signal.SIGKILL)  # F_SETSIG
        fcntl.fcntl(near, fcntl.F_SETFL, os.O_ASYNC)
        os.write(far, b"x")

    return attempt


def attempts(parent: int) -> dict[str, Callable[[], object]]:
    """What a decoder that was taken over might do, by name."""
    return {
        "read /etc/passwd": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "read its parent's environment": lambda: os.open(f"/proc/{parent}/environ", os.O_RDONLY),
        "list the root": lambda: list(Path("/").iterdir()),
        "write a file": lambda: os.open("/tmp/escaped", os.O_WRONLY | os.O_CREAT),  # noqa: S108
        "write a file without a name": lambda: os.open("/tmp", os.O_TMPFILE | os.O_RDWR),  # noqa: S108
        "make a memory file": lambda: os.memfd_create("escaped"),
        "make a folder": lambda: os.mkdir("/tmp/escaped"),  # noqa: PTH102, S108
        "remove a file": lambda: os.unlink("/etc/hostname"),  # noqa: PTH108
        "open a TCP socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "open a local socket": lambda: socket.socket(socket.AF_UNIX),
        "open a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
        "make a pair of sockets": socket.socketpair,
        "start a program": lambda: subprocess.run(["/bin/true"], check=True),
        "become a program": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "fork": fork,
        "start a thread": lambda: threading.Thread(target=int).start(),
        "kill its parent": lambda: os.kill(parent, signal.SIGKILL),
        "kill everybody": lambda: os.kill(-1, signal.SIGKILL),
        "kill its parent's thread": lambda: libc("tgkill", parent, parent, signal.SIGKILL),
        "have its parent killed": own_signal_to(parent),
        "trace its parent": lambda: libc("ptrace", 16, parent, 0, 0),
        "raise its memory limit": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
        "raise its parent's processor limit": lambda: resource.prlimit(parent, resource.RLIMIT_CPU, (1, 1)),
        "take 3 GB": lambda: bytearray(3_000_000_000),
        "map 3 GB": lambda: mmap.mmap(-1, 3_000_000_000),
        "make memory that can run": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC),
        "mount something": lambda: libc("mount", b"none", b"/mnt", b"tmpfs", 0, None),
        "make a user namespace": lambda: libc("unshare", 0x10000000),
        "change its user": lambda: os.setuid(1),
        "change a file's mode": lambda: Path("/etc/hostname").chmod(0o666),
        "load a kernel module": lambda: libc("syscall", 175, 0, 0, b""),
        "look at another's memory": lambda: libc("process_vm_readv", parent, None, 0, None, 0, 0),
    }


def outcome(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, MemoryError, RuntimeError, ValueError) as error:
        return f"refused ({type(error).__name__})"
    return "ESCAPED"


def main(how: str) -> None:
    seccomp.library()
    if how == "nobody":
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    lock = None if how == "unlocked" else Lock((Path("/usr/share/fonts"),), user=None)
    parent = os.getpid()
    tries = attempts(parent)
    if not os.fork():
        if lock:
            lock.close(MEMORY, parent)
        for name, attempt in tries.items():
            if lock or name in HARMLESS:
                os.write(1, f"{name}: {outcome(attempt)}\n".encode())
        os._exit(0)
    os.wait()
    print(f"done as {os.getuid()}")


if __name__ == "__main__":
    main(sys.argv[1])
