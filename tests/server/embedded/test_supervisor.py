"""The supervisor decides who starts, who starts again, and who ends when."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocrchat_server.embedded.child import Child
from ocrchat_server.embedded.errors import EmbeddedError
from ocrchat_server.embedded.restarts import Patience
from ocrchat_server.embedded.supervisor import Supervisor

Script = Callable[..., "subprocess.Popen[str]"]
Until = Callable[[Callable[[], object]], None]

FOREVER = ("/bin/sleep", "1000")


def _shell(name: str, script: str, **wishes: object) -> Child:
    return Child(name=name, argv=("/bin/sh", "-c", script), **wishes)  # type: ignore[arg-type]


def _run(*children: Child, stop_when: Callable[[list[str]], bool]) -> tuple[int, list[str]]:
    """Supervise here, and press Ctrl-C as soon as the lines so far are the ones waited for."""
    lines: list[str] = []
    pressed = False

    def announce(line: str) -> None:
        nonlocal pressed
        lines.append(line)
        if not pressed and stop_when(lines):
            pressed = True
            os.kill(os.getpid(), signal.SIGINT)

    return Supervisor(children, announce, patience=Patience(first_s=0.01)).run(), lines


def _never(_: list[str]) -> bool:
    return False


def test_children_stop_in_the_reverse_of_their_order() -> None:
    said = "trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.01; done"
    children = [_shell(name, said) for name in ("first", "second", "third")]
    status, lines = _run(*children, stop_when=lambda lines: sum("| up" in line for line in lines) == 3)
    assert status == 0
    assert [line for line in lines if "bye" in line] == ["third | bye", "second | bye", "first | bye"]


def test_each_child_waits_until_those_before_it_are_ready(tmp_path: Path) -> None:
    sign = tmp_path / "ready"
    first = _shell("first", f"echo warming; touch {sign}; exec sleep 1000", ready=sign.exists)
    second = _shell("second", f"[ -e {sign} ] && echo sees; exec sleep 1000")
    _, lines = _run(first, second, stop_when=lambda lines: "second | sees" in lines)
    assert lines.index("first is ready") < lines.index("second | sees")


def test_a_step_ends_before_what_follows_it_starts() -> None:
    step = _shell("migrate", "echo done", restart="once")
    server = _shell("web", "echo up; exec sleep 1000")
    status, lines = _run(step, server, stop_when=lambda lines: "web | up" in lines)
    assert status == 0
    assert lines[:2] == ["migrate | done", "web | up"]


def test_a_step_that_fails_stops_everything() -> None:
    step = _shell("migrate", "echo no such table; exit 3", restart="once")
    status, lines = _run(
        Child(name="db", argv=FOREVER), step, Child(name="web", argv=FOREVER), stop_when=_never
    )
    assert status == 1
    assert any(line.startswith("migrate ended (status 3)") and "giving up" in line for line in lines)
    assert lines[-1] == "stopping db"


def test_a_child_that_dies_is_started_again() -> None:
    child = _shell("worker", "echo up; kill -9 $$")
    _, lines = _run(child, stop_when=lambda lines: lines.count("worker | up") == 3)
    assert sum("worker ended (SIGKILL)" in line and "starting it again in" in line for line in lines) >= 2


def test_a_child_that_never_comes_up_is_given_up_with_its_log(tmp_path: Path) -> None:
    child = _shell("web", "echo port 8000 is taken; exit 1", log=tmp_path / "web.log")
    status, lines = _run(child, stop_when=_never)
    assert status == 1
    assert "6 times in a row: giving up; the last lines of" in lines[-1]
    assert lines[-1].endswith("port 8000 is taken")


def test_a_program_that_is_not_there_is_reported_by_name() -> None:
    status, lines = _run(Child(name="web", argv=("/nowhere/python",)), stop_when=_never)
    assert status == 1
    assert "web could not be started" in lines[0]
    assert "/nowhere/python" in lines[0]


def test_what_fails_before_a_start_counts_as_a_failed_start() -> None:

    def before() -> None:
        raise EmbeddedError("the folder is gone")

    status, lines = _run(Child(name="db", argv=FOREVER, before=before), stop_when=_never)
    assert status == 1
    assert "db could not be started (the folder is gone)" in lines[0]


def test_a_child_that_does_not_become_ready_is_killed_and_started_again() -> None:
    child = _shell("web", "echo up; exec sleep 1000", ready=lambda: False, ready_within_s=0.1)
    _, lines = _run(child, stop_when=lambda lines: lines.count("web | up") == 2)
    assert any("web is not ready after" in line for line in lines)
    assert any("web ended (SIGKILL)" in line for line in lines)


def test_who_does_not_end_is_killed_after_its_grace() -> None:
    deaf = _shell("deaf", "trap '' TERM; echo up; while :; do sleep 0.01; done", grace_s=0.1)
    status, lines = _run(deaf, stop_when=lambda lines: "deaf | up" in lines)
    assert status == 0
    assert lines[-2:] == ["stopping deaf", "deaf has not ended: SIGKILL"]


def test_neighbours_of_one_group_are_stopped_together() -> None:
    said = "trap 'exit' TERM; echo up; while :; do sleep 0.01; done"
    children = [_shell("web", said), *(_shell(f"worker-{n}", said, group="workers") for n in (1, 2))]
    _, lines = _run(*children, stop_when=lambda lines: sum("| up" in line for line in lines) == 3)
    assert lines[-3:] == ["stopping worker-1", "stopping worker-2", "stopping web"]


def test_what_a_child_started_does_not_outlive_it(until: Until) -> None:
    child = _shell("worker", "sleep 1000 & echo $!; exec sleep 0")
    _, lines = _run(child, stop_when=lambda lines: any("ended" in line for line in lines))
    grandchild = int(next(line for line in lines if line.startswith("worker | ")).split()[-1])
    until(lambda: not _runs(grandchild))


def test_every_line_carries_its_child_s_name_the_last_one_too() -> None:
    child = _shell("web", "printf 'one\\ntwo\\n\\nlast'; exit 7", restart="once")
    _, lines = _run(child, stop_when=_never)
    assert lines[:4] == ["web | one", "web | two", "web | ", "web | last"]


def test_output_goes_to_the_log_when_one_is_named(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "web.log"
    child = _shell("web", "echo out; echo err >&2; exit 0", restart="once", log=log)
    status, lines = _run(child, stop_when=_never)
    assert (status, lines) == (0, [])
    assert log.read_text() == "out\nerr\n"


def test_it_returns_when_there_is_nothing_left_to_watch() -> None:
    assert _run(_shell("step", "exit 0", restart="once"), stop_when=_never) == (0, [])


def test_when_all_are_up_it_says_so_once() -> None:
    times = []

    def announce(line: str) -> None:
        if line == "web | again":
            os.kill(os.getpid(), signal.SIGTERM)

    script = "[ -e /proc/self ] && echo again; exec sleep 1000"
    assert Supervisor([_shell("web", script)], announce, when_up=lambda: times.append(1)).run() == 0
    assert times == [1]


def test_a_child_that_runs_already_is_taken_over_and_replaced_when_it_ends() -> None:
    with subprocess.Popen(FOREVER, start_new_session=True) as running:
        child = _shell("db", "echo second life; exec sleep 1000", running=running)
        os.kill(running.pid, signal.SIGKILL)
        os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)
        _, lines = _run(child, stop_when=lambda lines: "db | second life" in lines)
    assert "db ended (SIGKILL)" in lines[0]


def test_a_child_that_runs_already_is_stopped_even_if_a_step_before_it_fails() -> None:
    with subprocess.Popen(FOREVER, start_new_session=True) as running:
        step = _shell("migrate", "exit 1", restart="once")
        status, lines = _run(step, Child(name="db", argv=FOREVER, running=running), stop_when=_never)
        assert running.returncode == -signal.SIGTERM
    assert status == 1
    assert lines[-1] == "stopping db"


def test_a_signal_that_means_something_else_stops_nothing() -> None:
    usual = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        child = _shell("web", f"kill -USR1 {os.getpid()}; echo up; exec sleep 1000")
        _, lines = _run(child, stop_when=lambda lines: "web | up" in lines)
    finally:
        signal.signal(signal.SIGUSR1, usual)
    assert lines == ["web | up", "SIGINT: stopping", "stopping web"]


def test_the_signal_handlers_are_given_back() -> None:
    before = [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)]
    _run(_shell("step", "exit 0", restart="once"), stop_when=_never)
    assert before == [signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)]


WITH_A_CHILD_OF_ITS_OWN = r"""
import os, time
from ocrchat_server.embedded.lifeline import die_with_parent
if os.fork() == 0:
    die_with_parent()
os.write(1, b"%d\n" % os.getpid())
time.sleep(1000)
"""

SUPERVISE = """
import sys
from ocrchat_server.embedded.child import Child
from ocrchat_server.embedded.supervisor import Supervisor
children = [Child(name=name, argv=(sys.executable, "-c", sys.argv[1])) for name in ("web", "worker")]
sys.exit(Supervisor(children, lambda line: print(line, flush=True)).run())
"""


def _four_pids(process: subprocess.Popen[str]) -> list[int]:
    """The process ids of two children and of the one that each of them forked."""
    assert process.stdout
    said = [process.stdout.readline() for _ in range(4)]
    return [int(line.split("|")[1]) for line in said]


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_kill_9_of_the_supervisor_leaves_nobody_behind(script: Script, until: Until) -> None:
    supervisor = script(SUPERVISE, WITH_A_CHILD_OF_ITS_OWN)
    pids = _four_pids(supervisor)
    assert all(map(_runs, pids))
    supervisor.kill()
    until(lambda: not any(map(_runs, pids)))


def test_sigterm_stops_all_and_the_status_says_that_it_was_in_order(script: Script, until: Until) -> None:
    supervisor = script(SUPERVISE, WITH_A_CHILD_OF_ITS_OWN)
    pids = _four_pids(supervisor)
    supervisor.terminate()
    out, _ = supervisor.communicate()
    assert supervisor.returncode == 0
    assert out.splitlines() == ["SIGTERM: stopping", "stopping worker", "stopping web"]
    until(lambda: not any(map(_runs, pids)))


def _runs(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
