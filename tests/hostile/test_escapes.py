"""What a decoder that was taken over by its file can do: nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from . import escapes, kernels

HERE = Path(__file__).parents[2]


def said(module: str, how: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", module, how], cwd=HERE, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout.splitlines()


def users() -> list[str]:
    """Root and nobody where the tests run as root; else only who runs them."""
    return ["root", "nobody"] if os.geteuid() == 0 else ["self"]


@pytest.mark.parametrize("user", users())
def test_nothing_gets_out_of_the_lock(user: str) -> None:
    *lines, last = said("tests.hostile.escapes", user)
    assert [line for line in lines if ": refused (" not in line] == []
    assert len(lines) == len(escapes.attempts(0))
    assert last.startswith("done as 0" if user == "root" else "done as ")


def test_without_the_lock_the_same_attempts_succeed() -> None:
    *lines, _ = said("tests.hostile.escapes", "unlocked")
    assert set(lines) == {f"{name}: ESCAPED" for name in escapes.HARMLESS}


def test_a_kernel_without_landlock_still_lets_nothing_be_opened() -> None:
    assert said("tests.hostile.kernels", "no-landlock") == [
        "landlock None",
        "the kernel has no Landlock: decoders open no file, so PDFs lack the system's fonts",
        *[f"{kind} read" for kind in kernels.KINDS],
    ]


def test_a_kernel_without_seccomp_decodes_nothing() -> None:
    (line,) = said("tests.hostile.kernels", "no-seccomp")
    assert line.startswith("SandboxUnavailable: the lock for untrusted files cannot be closed here")


def test_a_kernel_that_forbids_landlock_decodes_nothing() -> None:
    (line,) = said("tests.hostile.kernels", "landlock-forbidden")
    assert line.startswith("SandboxUnavailable: the lock for untrusted files cannot be closed here")


def test_the_default_profile_of_docker_lets_the_lock_be_closed() -> None:
    assert said("tests.hostile.kernels", "docker")[2 if os.geteuid() else 1 :] == [
        f"{kind} read" for kind in kernels.KINDS
    ]
