"""Check the ledger: recount every purse and hold from the transfers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not add up: in which rule, and whose."""

    rule: str
    what: str


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Whatever is read meanwhile is of one moment, while a server goes on: two statements agree.

    Nothing can be written. Inside of another snapshot it is that one's moment.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def faults() -> tuple[Fault, ...]:
    """Everything that does not add up, at most 100 of each rule; nothing in a sound ledger.

    Reads one snapshot. Some seconds for a million transfers.
    """
    found = []
    with one_snapshot(), connection.cursor() as cursor:
        for rule, query in RULES.items():
            cursor.execute(query)
            found += [Fault(rule, str(what)) for (what,) in cursor.fetchmany(100)]
    return tuple(found)


def totals() -> dict[int, int]:
    """What each purse of the house holds, by its id, and under 0 what all clients' purses hold; sums to 0."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        return {int(purse): int(amount) for purse, amount in cursor.fetchall()}


_TOTALS = """
    WITH ends AS (
        SELECT source AS purse, -amount AS amount FROM billing_transfer WHERE source < 100
        UNION ALL SELECT target, amount FROM billing_transfer WHERE target < 100)
    SELECT purse, sum(amount) FROM ends GROUP BY purse
    UNION ALL SELECT 0, coalesce(sum(balance), 0) FROM billing_purse ORDER BY 1
"""

RULES = {
    "all purses together hold nothing": """
        WITH ends (amount) AS (
            SELECT -amount FROM billing_transfer WHERE source < 100
            UNION ALL SELECT amount FROM billing_transfer WHERE target < 100
            UNION ALL SELECT balance FROM billing_purse)
        SELECT 'they hold ' || sum(amount) FROM ends HAVING sum(amount) <> 0""",
    "a purse holds what its transfers say": """
        SELECT purse.key || ' holds ' || purse.balance || ', its transfers say ' || coalesce(moved.amount, 0)
        FROM billing_purse purse LEFT JOIN (
            SELECT purse, sum(amount) AS amount FROM (
                SELECT target AS purse, amount FROM billing_transfer WHERE target >= 100
                UNION ALL SELECT source, -amount FROM billing_transfer WHERE source >= 100) AS ends
            GROUP BY purse) AS moved ON moved.purse = purse.id
        WHERE purse.balance <> coalesce(moved.amount, 0)""",
    "a purse was granted what came from outside": """
        SELECT purse.key || ' says ' || purse.granted || ', its transfers ' || coalesce(moved.amount, 0)
        FROM billing_purse purse LEFT JOIN (
            SELECT purse, sum(amount) AS amount FROM (
                SELECT target AS purse, amount FROM billing_transfer WHERE source <= 3 AND target >= 100
                UNION ALL SELECT source, -amount FROM billing_transfer
                    WHERE target IN (1, 2, 3, 6) AND source >= 100) AS ends
            GROUP BY purse) AS moved ON moved.purse = purse.id
        WHERE purse.granted <> coalesce(moved.amount, 0)""",
    "no purse of a client and no hold is below zero": """
        SELECT key || ' holds ' || balance FROM billing_purse WHERE balance < 0
        UNION ALL SELECT job::text || ' has ' || remaining FROM billing_hold WHERE remaining < 0""",
    "credits are sold and taken back by purchases": """
        SELECT 'transfer ' || id || ' has no purchase' FROM billing_transfer transfer
        WHERE (source = 2 OR target = 2)
          AND NOT EXISTS (SELECT FROM billing_purchase purchase WHERE purchase.id = transfer.purchase)""",
    "a purchase gave and took back what its transfers say": """
        SELECT purchase.reference || ' gave ' || purchase.credits || ' and took ' || purchase.returned
            || '; its transfers say ' || coalesce(moved.sold, 0) || ' and ' || coalesce(moved.returned, 0)
        FROM billing_purchase purchase LEFT JOIN (
            SELECT purchase, sum(amount) FILTER (WHERE reason = 'purchase') AS sold,
                sum(CASE WHEN target = 2 THEN amount
                         WHEN reason <> 'purchase' THEN -amount ELSE 0 END) AS returned
            FROM billing_transfer WHERE purchase IS NOT NULL GROUP BY purchase) AS moved
            ON moved.purchase = purchase.id
        WHERE purchase.credits <> coalesce(moved.sold, 0)
           OR purchase.returned <> coalesce(moved.returned, 0)""",
    "a purchase takes back what its refunds and disputes ask": """
        SELECT purchase.reference || ' takes back ' || purchase.returned || ' and is owed ' || purchase.owed
            || ' of ' || purchase.credits || ', while ' || coalesce(back.money, 0) || ' of ' || purchase.price
            || ' go back'
        FROM billing_purchase purchase LEFT JOIN (
            SELECT reversal.payment,
                sum(CASE WHEN reversal.currency = sale.currency THEN reversal.amount
                         ELSE greatest(1, sale.price) END) AS money
            FROM billing_reversal reversal JOIN billing_purchase sale ON sale.payment = reversal.payment
            WHERE reversal.stands GROUP BY reversal.payment) AS back ON back.payment = purchase.payment
        WHERE purchase.returned + purchase.owed <> CASE
            WHEN coalesce(back.money, 0) <= 0 THEN 0
            WHEN back.money >= purchase.price THEN purchase.credits
            ELSE floor(purchase.credits * back.money / purchase.price) END""",
    "both ends of a transfer exist": """
        SELECT 'transfer ' || id FROM billing_transfer
        WHERE (source NOT BETWEEN 1 AND 7 AND NOT EXISTS (SELECT FROM billing_purse WHERE id = source))
           OR (target NOT BETWEEN 1 AND 7 AND NOT EXISTS (SELECT FROM billing_purse WHERE id = target))""",
    "a hold has what was set aside less what was spent": """
        SELECT hold.job::text || ' has ' || hold.remaining || ' of ' || hold.reserved || ', spent '
            || hold.spent || '; its transfers say ' || coalesce(moved.held, 0) || ', spent '
            || coalesce(moved.spent, 0)
        FROM billing_hold hold LEFT JOIN (
            SELECT job, sum(CASE WHEN target = 4 THEN amount WHEN source = 4 THEN -amount ELSE 0 END) AS held,
                sum(amount) FILTER (WHERE reason = 'settle') AS spent,
                sum(amount) FILTER (WHERE reason = 'reserve') AS reserved
            FROM billing_transfer WHERE job IS NOT NULL GROUP BY job) AS moved ON moved.job = hold.job
        WHERE hold.remaining <> coalesce(moved.held, 0) OR hold.spent <> coalesce(moved.spent, 0)
           OR hold.reserved <> coalesce(moved.reserved, 0)
           OR (hold.closed_at IS NOT NULL AND hold.remaining <> 0)""",
    "nothing is held for a job that has no hold": """
        SELECT DISTINCT 'job ' || job FROM billing_transfer transfer
        WHERE job IS NOT NULL AND NOT EXISTS (SELECT FROM billing_hold hold WHERE hold.job = transfer.job)""",
    "a chat message costs its price or nothing": """
        SELECT job::text || ' paid ' || spent || ' of ' || reserved FROM billing_hold
        WHERE (about IS NOT NULL AND spent <> 0 AND (spent <> reserved OR closed_at IS NULL))
           OR (about IS NOT NULL) <> (prices ? 'message')""",
    "a page is charged once": """
        SELECT job::text || ' page ' || page FROM billing_transfer WHERE reason = 'settle'
        GROUP BY job, page HAVING count(*) > 1""",
}
"""Each rule, and a query that finds what breaks it."""
