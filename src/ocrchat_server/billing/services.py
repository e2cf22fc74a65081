"""Move credits: set them aside, give them back, grant them, take them away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from ocrchat_server.billing.allowance import Payer, credits_key
from ocrchat_server.billing.errors import BadAmount, OutOfPages
from ocrchat_server.billing.models import House, Purse, Reason, Transfer
from ocrchat_server.billing.pricing import MessagePrice, Prices

RESERVE = """
    SELECT used, cap FROM billing_reserve(
        %(job)s, %(needed)s, %(prices)s::jsonb, %(client)s, %(first)s, %(first_filled)s, %(second)s,
        %(network)s, %(network_filled)s, %(ends_at)s, %(now)s)
"""
"""Sets credits aside, alone or in a larger statement; gives `used` and `cap`, or fails (`refusal`)."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """Credits that a job, or a chat message, may spend at most, and whose."""

    job: UUID
    payer: Payer
    needed: int
    prices: Prices | MessagePrice
    now: datetime

    def parameters(self) -> dict[str, UUID | int | str | datetime | None]:
        """What `RESERVE` takes."""
        return {
            "job": self.job,
            "needed": self.needed,
            "prices": json.dumps(self.prices.as_plain()),
            "client": self.payer.client,
            "first": self.payer.first,
            "first_filled": self.payer.first_filled,
            "second": self.payer.second,
            "network": self.payer.network,
            "network_filled": self.payer.network_filled,
            "ends_at": self.payer.ends_at,
            "now": self.now,
        }


def check_wanted(reservation: Reservation, most: int | None) -> None:
    """Raise OutOfPages where a job would cost more than its sender wants to spend."""
    if most is not None and reservation.needed > most:
        raise OutOfPages(
            f"this takes {_credits(reservation.needed)}, and `max_credits` is {most:,}",
            used=0,
            cap=most,
            needed=reservation.needed,
            resets_at=None,
        )


def reserve(reservation: Reservation) -> tuple[int, int]:
    """Set credits aside; what the client has used with them, and its cap. OutOfPages."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(RESERVE, reservation.parameters())
            used, cap = cursor.fetchone()
    except DatabaseError as error:
        raise refusal(error, reservation) or error from None
    return int(used), int(cap)


def refusal(error: DatabaseError, reservation: Reservation) -> OutOfPages | None:
    """What a failed statement with `RESERVE` in it says; None when it failed for another reason."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) != "OC402":
        return None
    said = json.loads(cause.diag.message_detail)  # type: ignore[union-attr] # psycopg's own error
    return out_of_pages(said["used"], said["cap"], reservation.needed, reservation.payer)


def out_of_pages(used: int, cap: int, needed: int, payer: Payer) -> OutOfPages:
    """The refusal of a job that needs more than is left."""
    left = f"this takes {_credits(needed)}, and {max(0, cap - used):,} of {cap:,} are left"
    if payer.first_filled:
        text = f"out of pages: {left}; the allowance is filled again at {payer.ends_at:%Y-%m-%d %H:%M} UTC"
    else:
        text = f"out of credits: {left}"
    resets_at = payer.ends_at if payer.first_filled else None
    return OutOfPages(text, used=used, cap=cap, needed=needed, resets_at=resets_at)


def release(job: UUID) -> int:
    """Give back what a job has not spent, when it ends, is cancelled or deleted; how much that was.

    A second call does nothing. To be called in the transaction that ends the job.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_release(%s)", [job])
        return int(cursor.fetchone()[0])


@transaction.atomic
def give(account: UUID, amount: int, note: str, by: UUID | None = None) -> None:
    """Put granted credits into an account's purse; those that are sold come by `purchases`. BadAmount."""
    _check(amount, note)
    purse, _ = Purse.objects.get_or_create(key=credits_key(account), defaults={"owner": account})
    Transfer.objects.create(
        reason=Reason.GRANT, source=House.GRANTED, target=purse.id, amount=amount, note=note, by=by
    )


@transaction.atomic
def take_back(account: UUID, amount: int, note: str, by: UUID | None = None) -> int:
    """Take granted credits out of an account's purse, as far as they are there; how many. BadAmount."""
    _check(amount, note)
    purse = Purse.objects.select_for_update(no_key=True).filter(key=credits_key(account)).first()
    taken = min(amount, purse.balance) if purse else 0
    if purse and taken:
        Transfer.objects.create(
            reason=Reason.GRANT, source=purse.id, target=House.GRANTED, amount=taken, note=note, by=by
        )
    return taken


@transaction.atomic
def forfeit(account: UUID) -> int:
    """Let go of what a deleted account had bought; how many credits. What it did stays in the ledger."""
    purse = Purse.objects.select_for_update(no_key=True).filter(key=credits_key(account)).first()
    if purse is None or not purse.balance:
        return 0
    Transfer.objects.create(
        reason=Reason.FORFEIT, source=purse.id, target=House.FORFEITED, amount=purse.balance
    )
    return purse.balance


def _credits(number: int) -> str:
    return f"{number:,} credit{'' if number == 1 else 's'}"


def _check(amount: int, note: str) -> None:
    if not 1 <= amount <= 10**12:
        raise BadAmount("credits are a whole number from 1 to 1,000,000,000,000")
    if not note.strip():
        raise BadAmount("say why: a reason is kept with every change of credits")
