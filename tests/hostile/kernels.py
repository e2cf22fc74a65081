"""Take files in under a kernel that offers less: `python -m tests.hostile.kernels no-landlock`.

A seccomp filter of our own answers for the kernel: landlock(7) as one that is too old or a sandbox that
forbids it, seccomp(2) as one that is built without. `docker` refuses what Docker's default profile
refuses (moby, profiles/seccomp/default.json) of what a lock might use.
"""

import errno
import sys
import tempfile
from pathlib import Path

import pyseccomp

from ocrchat.errors import SandboxUnavailable
from ocrchat.sources import Intake

from . import documents, pictures

KINDS = {"pdf": documents.plain, "png": lambda: pictures.saved("PNG"), "jpeg": lambda: pictures.saved("JPEG")}

LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")
NAMESPACES = 0x7E020000
"""Flags of clone(2) that make namespaces."""

DOCKER = ("unshare", "setns", "mount", "umount2", "pivot_root", "keyctl", "add_key", "bpf", "perf_event_open")
DOCKER += (
    "userfaultfd",
    "open_by_handle_at",
    "init_module",
    "kexec_load",
    "reboot",
    "swapon",
    "acct",
    "quotactl",
)


def pretend(how: str) -> None:
    """Have this process and its children believe that the kernel is another."""
    kernel = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    missing, forbidden = pyseccomp.ERRNO(errno.ENOSYS), pyseccomp.ERRNO(errno.EPERM)
    if how in ("no-landlock", "landlock-forbidden"):
        for number in (444, 445, 446):
            kernel.add_rule(missing if how == "no-landlock" else forbidden, number)
    if how == "no-seccomp":
        kernel.add_rule(missing, "seccomp")
        kernel.add_rule(pyseccomp.ERRNO(errno.EINVAL), "prctl", pyseccomp.Arg(0, pyseccomp.EQ, 22))
    if how == "docker":
        for name in DOCKER:
            kernel.add_rule(forbidden, name)
        kernel.add_rule(forbidden, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, NAMESPACES, NAMESPACES))
        kernel.add_rule(missing, "clone3")
    kernel.load()


def main(how: str) -> None:
    pretend(how)
    with Intake() as intake, tempfile.TemporaryDirectory() as folder:
        try:
            report = intake.check()
        except SandboxUnavailable as error:
            print(f"SandboxUnavailable: {error}")
            return
        print(f"landlock {report.landlock}")
        for warning in report.warnings:
            print(warning)
        for kind, make in KINDS.items():
            path = Path(folder) / "upload"
            path.write_bytes(make())
            with intake.open(path) as source:
                print(f"{source.kind} read" if source.page(0).pixels.size else f"{kind} is empty")


if __name__ == "__main__":
    main(sys.argv[1])
