"""Run a private PostgreSQL for one data folder: find it, make its cluster, start it, stop it.

Everything lies in DATA/postgres, the cluster and its socket, a folder that only its user (and root) can
enter; there is no TCP port. Root runs PostgreSQL as another user, without opening any folder to that user:
the postmaster is started *inside* the cluster (it enters before it changes user) and knows it only as its
working directory, so the parents may be closed to it and as deep as they like (new_cluster.data_directory);
only the programs themselves are copied when they are out of reach (installation.runnable_by). Clients name
the socket by its real path, or by a short private link where that is longer than a socket's name may be
(address).

When the supervisor is killed, the kernel tells the postmaster to shut down fast; the next start waits for it.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import psycopg

from .access import write_access
from .account import Account, account_for, hand_over
from .address import PORT, database_url, remove_short_way
from .child import Child
from .errors import ClusterNotMade, ClusterNotStarted, DataUnusable
from .installation import Installation, chosen, installations, runnable_by
from .leftovers import clear
from .lock import DataLock
from .new_cluster import ENV, data_directory, make
from .output import open_log, tail
from .spawn import spawn

START_WITHIN_S = 300.0  # recovery after a crash reads up to 1 GB of log
STOP_WITHIN_S = 60.0  # for a fast shutdown, which writes what is in memory; then comes an immediate one
# What the rest relies on, whatever postgresql.conf says; the socket lies in the working directory.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "cluster_name": "ocrchat",
}


class Cluster:
    """The PostgreSQL of one data folder, from `start` to `stop`; also a context manager that gives its URL.

    From the main thread only: the postmaster lives as long as the thread that started it.
    """

    def __init__(self, data: Path, found: Sequence[Installation] | None = None) -> None:
        """`found`: what there is to run it with, in order; by default whatever `installations` finds."""
        self.data = data.absolute()
        self.folder = self.data / "postgres"
        self.log = self.data / "logs" / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._found = found
        self._lock = DataLock(self.data)
        self._child: Child | None = None
        self._refusal = ""

    @property
    def url(self) -> str:
        """Where it is, or will be, reached; does not say that it runs."""
        return database_url(self.folder)

    def start(self) -> str:
        """Its URL, once it accepts connections: 0.3 s, and about 2 s at the first start.

        Raises an EmbeddedError that says what to do; then nothing of it runs, and the folder is not held.
        """
        if self.process is not None:
            if self.process.poll() is None:
                return self.url
            self.stop()
        self._lock.take()
        try:
            child = self._prepared()
            with open_log(self.log) as log:
                self.process = spawn(
                    child.argv,
                    env=child.env,
                    cwd=child.cwd,
                    account=child.account,
                    stdout=log,
                    death_signal=child.stop_signal,
                )
            self._await_ready(self.process)
        except OSError as error:
            self.stop()
            raise ClusterNotStarted(f"PostgreSQL could not be started: {error}") from error
        except BaseException:
            self.stop()
            raise
        self._child = child
        return self.url

    def stop(self) -> None:
        """Shut down fast and wait; at once if that takes over a minute. Then let the data folder go."""
        process, self.process, self._child = self.process, None, None
        try:
            if process is not None:
                for signum in (signal.SIGINT, signal.SIGQUIT):
                    process.send_signal(signum)
                    if _ended(process, STOP_WITHIN_S):
                        break
                else:
                    process.kill()
                    process.wait()
            remove_short_way(self.folder)
        finally:
            self._lock.release()

    def child(self) -> Child:
        """The started postmaster, for a supervisor to watch, start again when it dies, and stop in turn."""
        if self._child is None or self.process is None:
            raise RuntimeError("the cluster is not started")
        return replace(self._child, running=self.process)

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _prepared(self) -> Child:
        """Everything that has to be so before a postmaster starts, and how to start it."""
        account = account_for(self.folder)
        major = self._major()
        found = installations() if self._found is None else self._found
        programs = runnable_by(account, chosen(found, major, self.folder))
        if major is None:
            make(self.folder, account, programs)
        elif not account.is_ours and self.folder.stat().st_uid != account.uid:
            hand_over(self.folder, account)
        self._clear(account)
        return Child(
            name="postgres",
            argv=(
                programs.program("postgres"),
                f"-D{data_directory(self.folder, account, programs.major)}",
                *(f"--{name}={value}" for name, value in _SETTINGS.items()),
            ),
            env=ENV,
            cwd=self.folder,
            account=account,
            ready=self._accepts,
            ready_within_s=START_WITHIN_S,
            stop_signal=signal.SIGINT,
            grace_s=STOP_WITHIN_S,
            quit_signal=signal.SIGQUIT,
            log=self.log,
            before=lambda: self._clear(account),
        )

    def _major(self) -> int | None:
        """The major version that made the cluster; None where there is none yet."""
        try:
            return int((self.folder / "PG_VERSION").read_text())
        except FileNotFoundError:
            if self.folder.exists() and any(self.folder.iterdir()):
                raise ClusterNotMade(
                    f"{self.folder} has files in it but is no PostgreSQL cluster: move it away, or give "
                    "another data folder (OCRCHAT_DATA)"
                ) from None
            return None
        except PermissionError as error:
            raise DataUnusable(
                f"{error.filename}: {error.strerror}; start as the user it belongs to"
            ) from error

    def _clear(self, account: Account) -> None:
        clear(self.folder, account)
        write_access(self.folder, account)

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            self._refusal = str(error)
            return False
        return True

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while not self._accepts():
            if process.poll() is not None or time.monotonic() > deadline:
                late = f"is not ready after {START_WITHIN_S:.0f} s ({self._refusal})"
                how = late if process.poll() is None else "ended"
                raise ClusterNotStarted(f"PostgreSQL {how}; the last lines of {self.log}:\n{tail(self.log)}")
            time.sleep(0.02)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
