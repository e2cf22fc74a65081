"""A database for the server's own tests: a real PostgreSQL, emptied after each test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

from ocrchat_server.config.environment import environment
from ocrchat_server.embedded.postgres import Cluster

_DATA = Path(tempfile.mkdtemp(prefix="ocrchat-tests-"))
_CLUSTER = Cluster(_DATA)

# Models can only be imported when Django knows its database; the database itself starts with the first test.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "ocrchat_server.config.settings",
    "DATABASE_URL": _CLUSTER.url,
    "OCRCHAT_DATA": str(_DATA),
}
environment.cache_clear()
django.setup()
os.environ.pop("DATABASE_URL")


@pytest.fixture(scope="session")
def _database_process() -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connections

    from ocrchat_server.billing.plans import seed_plans

    _CLUSTER.start()
    call_command("migrate", verbosity=0, interactive=False)
    seed_plans()
    yield
    connections.close_all()
    for connection in connections.all():
        connection.close_pool()
    _CLUSTER.stop()
    shutil.rmtree(_DATA)


@pytest.fixture
def database(_database_process: None) -> Iterator[None]:
    """The database with all tables empty."""
    from django.db import connection

    yield
    with connection.cursor() as cursor:
        tables = ["accounts_account", "jobs_job", "procrastinate_jobs", "procrastinate_workers"]
        tables += ["billing_purse", "billing_hold", "billing_transfer", "billing_purchase"]
        tables += ["billing_reversal", "billing_paymentevent", "billing_customer", "accounts_look"]
        cursor.execute("ALTER TABLE billing_transfer DISABLE TRIGGER USER")  # it refuses to be emptied
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("ALTER TABLE billing_transfer ENABLE TRIGGER USER")
    connection.close()
