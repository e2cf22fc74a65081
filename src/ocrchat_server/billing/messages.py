"""Pay for chat messages: set aside when one is sent, charged when it is answered, else given back."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from ocrchat_server.billing.services import Reservation, release, reserve

HOLD_SECONDS = 3600
"""How long what is set aside waits for its answer; a process that dies never gives it back itself."""


def reserve_message(wish: Reservation, about: UUID) -> None:
    """Set a message's price aside; `wish.job` is the message, `about` the job that is asked. OutOfPages."""
    with transaction.atomic():
        reserve(wish)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE billing_hold SET about = %s WHERE job = %s", [about, wish.job])


def settle_message(message: UUID) -> int:
    """Charge a message that was answered; how many credits. In the transaction that keeps the answer.

    Fails where nothing is held for it any more: then the answer is not kept either.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_settle_message(%s)", [message])
        return int(cursor.fetchone()[0])


def release_forgotten_messages(seconds: float = HOLD_SECONDS) -> int:
    """Give back what messages hold that nobody answers any more; how many messages."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, [seconds])
        forgotten: list[UUID] = [row[0] for row in cursor]
    return sum(release(message) > 0 for message in forgotten)


_FORGOTTEN = """
    SELECT job FROM billing_hold
    WHERE closed_at IS NULL AND about IS NOT NULL AND opened_at <= now() - %s * interval '1 second'
    ORDER BY opened_at LIMIT 500
"""
