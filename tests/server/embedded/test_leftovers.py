"""What a killed supervisor left behind never ends in two postmasters on one cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from ocrchat_server.embedded.account import account_for
from ocrchat_server.embedded.leftovers import clear, working_on
from ocrchat_server.embedded.postgres import Cluster

Ask = Callable[[str, str], object]
Script = Callable[..., "subprocess.Popen[str]"]
Until = Callable[[Callable[[], object]], None]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")

HOLD = """
import signal, sys
from pathlib import Path
from ocrchat_server.embedded.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
print(cluster.start(), flush=True)
signal.pause()
"""


def _at_work(cluster: Cluster) -> frozenset[int]:
    return working_on(cluster.folder, account_for(cluster.folder))


def test_kill_9_of_the_supervisor_leaves_no_process(
    cluster: Cluster, url: str, script: Script, until: Until
) -> None:
    cluster.stop()
    holder = script(HOLD, cluster.data)
    assert holder.stdout
    assert holder.stdout.readline().strip() == url
    assert len(_at_work(cluster)) > 1
    holder.kill()
    until(lambda: not _at_work(cluster))
    assert "received fast shutdown request" in cluster.log.read_text()


def test_a_start_right_after_kill_9_waits_for_the_old_postmaster(
    cluster: Cluster, url: str, script: Script, ask: Ask
) -> None:
    cluster.stop()
    holder = script(HOLD, cluster.data)
    assert holder.stdout
    assert holder.stdout.readline().strip() == url
    holder.kill()
    holder.wait()
    assert ask(cluster.start(), "SELECT 1") == 1


def test_an_orphan_that_still_runs_is_stopped_before_a_new_one_starts(
    cluster: Cluster, url: str, until: Until, ask: Ask
) -> None:
    child = cluster.child()
    cluster.stop()
    account = child.account
    assert account
    identity = {} if account.is_ours else {"user": account.uid, "group": account.gid, "extra_groups": []}
    with subprocess.Popen(child.argv, cwd=child.cwd, env=dict(child.env or {}), **identity) as orphan:  # type: ignore[call-overload]
        assert child.ready
        until(child.ready)
        ask(url, "CREATE TABLE IF NOT EXISTS of_the_orphan AS SELECT 1 AS one")
        assert ask(cluster.start(), "SELECT one FROM of_the_orphan") == 1
        assert orphan.wait() == 0
    assert cluster.process
    assert cluster.process.pid in _at_work(cluster)


def test_a_backend_that_outlives_its_postmaster_and_hangs_is_killed(
    cluster: Cluster, url: str, until: Until, ask: Ask
) -> None:
    assert cluster.process
    frozen = max(_at_work(cluster) - {cluster.process.pid})
    os.kill(frozen, signal.SIGSTOP)
    cluster.process.kill()
    cluster.stop()
    until(lambda: _at_work(cluster) == {frozen})
    clear(cluster.folder, account_for(cluster.folder), [(signal.SIGQUIT, 0.1), (signal.SIGKILL, 20.0)])
    assert not _at_work(cluster)
    assert ask(cluster.start(), "SELECT 1") == 1


def test_stale_pid_files_with_another_program_s_number_are_overcome(
    cluster: Cluster, url: str, ask: Ask
) -> None:
    cluster.stop()
    account = account_for(cluster.folder)
    identity = {} if account.is_ours else {"user": account.uid}
    with subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, **identity) as stranger:  # type: ignore[call-overload]
        pid_file = cluster.folder / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{cluster.folder}\n1700000000\n5432\n.\n\n  1  0\nready\n")
        socket_s = cluster.folder / ".s.PGSQL.5432.lock"
        socket_s.write_text(pid_file.read_text())
        for path in (pid_file, socket_s):
            os.chown(path, account.uid, account.gid)
        assert ask(cluster.start(), "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.communicate()
