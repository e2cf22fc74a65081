"""Run everything on one machine, as processes that are watched over."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection, HTTPException

import typer

from ocrchat.errors import ServiceError
from ocrchat_server.config.environment import Environment
from ocrchat_server.embedded.child import Child
from ocrchat_server.embedded.errors import EmbeddedError
from ocrchat_server.embedded.postgres import Cluster
from ocrchat_server.embedded.supervisor import Supervisor

_OCRCHAT = (sys.executable, "-m", "ocrchat")


class NotStarted(ServiceError):
    """The server could not be started; the text says why and what to do."""


def run_everything(setup: Environment) -> int:
    """Start the database, the web process and the workers, and stay until stopped; the exit status."""
    try:
        return _run(setup)
    except EmbeddedError as error:
        raise NotStarted(str(error)) from error


def _run(setup: Environment) -> int:
    _check_port(setup.host, setup.port)
    with ExitStack() as stack:
        children: list[Child] = []
        url = setup.database_url
        if not url:
            typer.echo("starting the database")
            cluster = Cluster(setup.data)
            url = stack.enter_context(cluster)
            children.append(cluster.child())
        env = {**os.environ, "DATABASE_URL": url}
        typer.echo("bringing the database up to date")
        token = _prepared(env)
        typer.echo("starting the web process and the workers")
        children += _own_children(setup, env)
        return Supervisor(children, typer.echo, when_up=partial(_welcome, setup, token)).run()


def _check_port(host: str, port: int) -> None:
    """NotStarted when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            remedy = "OCRCHAT_PORT and OCRCHAT_HOST change it"
            raise NotStarted(f"cannot listen on {host}, port {port}: {error.strerror}; {remedy}") from None


def _prepared(env: dict[str, str]) -> str:
    """Migrate; the token of the first account."""
    done = subprocess.run([*_OCRCHAT, "prepare"], env=env, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise NotStarted("the database could not be brought up to date, see above")
    return done.stdout.strip()


def _own_children(setup: Environment, env: dict[str, str]) -> list[Child]:
    """The web process and the workers, started together.

    None of them outlives the supervisor: its sudden death is theirs, since the database goes with it
    and what they were doing is done again.
    """
    web = Child(
        name="web",
        argv=(*_OCRCHAT, "web"),
        env=env,
        group="service",
        ready=partial(_answers, setup.host, setup.port),
        grace_s=15.0,
        death_signal=signal.SIGKILL,
        log=setup.data / "logs" / "web.log",
    )
    workers = [
        Child(
            name=f"worker-{number}",
            argv=(*_OCRCHAT, "worker"),
            env=env,
            group="service",
            grace_s=setup.page_seconds + 10.0,
            death_signal=signal.SIGKILL,
            log=setup.data / "logs" / f"worker-{number}.log",
        )
        for number in range(1, setup.workers + 1)
    ]
    return [web, *workers]


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    """An address at which a server that listens on `host` is reached from here."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _welcome(setup: Environment, token: str) -> None:
    host = _reachable(setup.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{setup.port}"
    form = '-F "file=@invoice.pdf" -F "language=auto"'
    typer.echo(f"""
ocrchat is ready at {address}
API token: {token}
Try it:
  curl -X POST {address}/api/v1/ocr/ -H "Authorization: Bearer {token}" {form}
Logs and data are in {setup.data}; Ctrl-C stops everything.""")
