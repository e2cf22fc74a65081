"""Look at what this machine has for the server."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from ocrchat.engines import languages_read
from ocrchat.errors import ServiceError
from ocrchat.inference.host import cores, precision
from ocrchat.languages import BY_CODE
from ocrchat.sources import Intake
from ocrchat_server.config.environment import Environment
from ocrchat_server.embedded.errors import EmbeddedError
from ocrchat_server.embedded.installation import installations


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at; `well` is False only where the server cannot do its work."""

    what: str
    well: bool
    text: str


def findings(setup: Environment) -> Iterator[Finding]:
    """What was found, one line for each thing looked at."""
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    yield Finding("machine", True, f"{machine}, {cores()} cores, models run in {precision()}")
    yield _lock(setup)
    yield _database(setup)
    yield from _languages(setup)


def _lock(setup: Environment) -> Finding:
    intake = Intake(setup.limits())
    try:
        report = intake.check()
    except ServiceError as error:
        return Finding("lock", False, str(error))
    finally:
        intake.close()
    abi = "no Landlock" if report.landlock is None else f"Landlock ABI {report.landlock}"
    parts = [f"seccomp {'on' if report.seccomp else 'off'}", abi, *report.warnings]
    return Finding("lock", True, "; ".join(parts))


def _database(setup: Environment) -> Finding:
    if setup.database_url:
        return Finding("database", True, "an outside one, DATABASE_URL")
    try:
        found = installations()
    except EmbeddedError as error:
        return Finding("database", False, str(error))
    text = ", ".join(f"PostgreSQL {each.major}" for each in found)
    return Finding("database", bool(found), text or "no PostgreSQL programs; set DATABASE_URL")


def _languages(setup: Environment) -> Iterator[Finding]:
    here = languages_read(setup.engine, setup.models_folder())
    yield Finding("languages", True, f"{sum(each.installed for each in here.values())} can be read")
    missing = {BY_CODE[code].package for code, each in here.items() if not each.installed}
    if missing - {""}:
        yield Finding("missing", True, f"apt-get install {' '.join(sorted(missing - {''}))}")
