"""Check that answers cost what the ledger says."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from ocrchat_server.billing.audit import Fault


def faults_of_messages() -> Iterator[Fault]:
    """Every answer whose credits are not the ledger's, at most 100. Deleted ones are the ledger's alone."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS)
        for (what,) in cursor.fetchmany(100):
            yield Fault("an answer cost what the ledger charged", str(what))


_FAULTS = """
    SELECT 'answer ' || message.exchange || ' says ' || message.credits || ', the ledger '
        || coalesce(hold.spent, 0)
    FROM chat_message message LEFT JOIN billing_hold hold ON hold.job = message.exchange
    WHERE message.exchange IS NOT NULL AND message.credits <> coalesce(hold.spent, 0)
"""
