"""The embedded PostgreSQL keeps its data, and lets in nobody but its user."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from ocrchat_server.embedded.postgres import Cluster

Ask = Callable[[str, str], object]


def test_a_second_start_finds_what_the_first_stored(cluster: Cluster, url: str, ask: Ask) -> None:
    ask(url, "CREATE TABLE IF NOT EXISTS kept AS SELECT 'über' AS word")
    cluster.stop()
    assert ask(cluster.start(), "SELECT word FROM kept") == "über"


def test_the_address_stays_the_same_and_is_known_before_the_start(cluster: Cluster, url: str) -> None:
    cluster.stop()
    assert cluster.url == url == cluster.start()


def test_what_was_committed_outlives_kill_9_of_the_postmaster(cluster: Cluster, url: str, ask: Ask) -> None:
    ask(url, "CREATE TABLE IF NOT EXISTS committed AS SELECT 42 AS answer")
    assert cluster.process
    cluster.process.send_signal(signal.SIGKILL)
    cluster.process.wait()
    assert ask(cluster.start(), "SELECT answer FROM committed") == 42


def test_only_its_user_may_enter_the_socket_s_folder(cluster: Cluster, url: str) -> None:
    assert (cluster.folder / ".s.PGSQL.5432").is_socket()
    assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.folder / ".s.PGSQL.5432").stat().st_mode) == 0o700


def test_there_is_no_tcp_port(url: str, ask: Ask) -> None:
    assert ask(url, "SHOW listen_addresses") == ""


def test_the_application_is_no_superuser_but_owns_its_database(url: str, ask: Ask) -> None:
    assert ask(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'ocrchat'") == "ocrchat"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(url, "COPY (SELECT 1) TO PROGRAM 'true'")


def test_nobody_is_let_in_as_the_superuser(url: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(url, user="postgres")


def test_text_is_unicode_sorted_by_code_point_and_pages_have_checksums(url: str, ask: Ask) -> None:
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SHOW data_checksums") == "on"
    assert ask(url, "SELECT lower('ÄΩЖ')") == "äωж"
    assert ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{a,B,é,Z}'::text[]) x") == "BZaé"


def test_commits_are_durable(url: str, ask: Ask) -> None:
    assert [ask(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == [
        "on"
    ] * 3


def test_a_setting_the_operator_changed_is_kept(cluster: Cluster, url: str, ask: Ask) -> None:
    cluster.stop()
    with (cluster.folder / "postgresql.conf").open("a") as file:
        file.write("\nwork_mem = 5MB\n")
    assert ask(cluster.start(), "SHOW work_mem") == "5MB"


def test_pgport_in_the_environment_changes_nothing(
    cluster: Cluster, url: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.stop()
    monkeypatch.setenv("PGPORT", "6000")
    assert ask(cluster.start(), "SELECT 1") == 1


def test_as_a_context_manager_it_stops_at_the_end(cluster: Cluster, url: str) -> None:
    cluster.stop()
    with cluster as inside:
        assert inside == url
        process = cluster.process
    assert process
    assert process.returncode == 0
    assert cluster.process is None


def test_a_data_folder_may_be_moved_and_lie_as_deep_as_you_like(
    cluster: Cluster, url: str, tmp_path: Path, ask: Ask
) -> None:
    cluster.stop()
    deep = Cluster(tmp_path / ("d" * 80) / ("e" * 80))
    deep.data.parent.mkdir()
    cluster.data.rename(deep.data)
    try:
        with deep as short:
            assert ask(short, "SELECT current_user") == "ocrchat"
            host = psycopg.conninfo.conninfo_to_dict(short)["host"]
            assert isinstance(host, str)
            link = Path(host)
            assert link.readlink() == deep.folder
            assert stat.S_IMODE(link.parent.stat().st_mode) == 0o700
        assert not link.is_symlink()
    finally:
        deep.data.rename(cluster.data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_cluster_that_root_copied_is_given_back_to_its_account(
    cluster: Cluster, url: str, ask: Ask
) -> None:
    cluster.stop()
    for path in (cluster.folder, *cluster.folder.rglob("*")):
        os.chown(path, 0, 0, follow_symlinks=False)
    assert ask(cluster.start(), "SELECT 1") == 1
    assert cluster.folder.stat().st_uid != 0
