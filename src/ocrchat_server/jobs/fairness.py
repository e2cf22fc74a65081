"""Who is served first: start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996) over requesters.

Each requester has a tag, how far its work reaches in virtual time; a page moves it by UNIT over the weight
of its plan. Work starts at the tag, but not before the virtual time, which is the start of what is served
next; the queue takes the earliest start first. So everybody who waits gets a share by weight, and who comes
after a pause has saved nothing up. Short jobs have a tag of their own and go before all others, as long as
it is not too far ahead: a burst is answered at once, a flood is queued with the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

UNIT = 60
"""Virtual time of a page of weight 1; weights divide it."""

PAGES_A_BATCH = 8
BURST = 200 * UNIT
"""How far a requester's short jobs may run ahead and still go before all others."""

BAND = 1 << 30
"""Added to the priority of what goes first; an order of its own lies below."""
AGAIN = BAND + 1
"""The priority of work that was under way once already."""
MOST_TAG = 1 << 29
"""Tags stay below: then they are set back, all by the same."""

_LOCK = "hashtext('ocrchat turns')"


def batches(indices: tuple[int, ...], inline_pages: int) -> tuple[tuple[int, ...], ...]:
    """The pages as they are handed to workers: one by one when few, so that several read at once."""
    size = 1 if len(indices) <= inline_pages else PAGES_A_BATCH
    return tuple(indices[start : start + size] for start in range(0, len(indices), size))


def priorities(start: int, now: int, sizes: Sequence[int], weight: int, *, is_short: bool) -> tuple[int, ...]:
    """The priorities of batches of so many pages, the first of which starts at `start`; `now` is virtual."""
    found, at = [], start
    for size in sizes:
        goes_first = is_short and at <= now + BURST
        found.append((BAND if goes_first else 0) - at)
        at += cost_of(size, weight)
    return tuple(found)


def cost_of(pages: int, weight: int) -> int:
    """The virtual time of so many pages."""
    return max(1, pages * UNIT // max(1, weight))


def take_turn(requester: str, pages: int, weight: int, *, is_short: bool) -> tuple[int, int]:
    """Where the requester's new work starts, and the virtual time; both grow with the queue.

    Holds the requester's row until the transaction ends, so that its requests are counted one by one.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _TURN,
            {
                "flow": f"{requester}+" if is_short else requester,
                "cost": cost_of(pages, weight),
                "split": BAND // 2,
            },
        )
        start, now = cursor.fetchone()
    return int(start), int(now)


_TURN = f"""
    WITH open AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({_LOCK})),
    virtual AS MATERIALIZED (
        SELECT coalesce(
            (SELECT -priority::bigint FROM procrastinate_jobs
             WHERE status = 'todo' AND priority < %(split)s ORDER BY priority DESC LIMIT 1),
            (SELECT tag FROM jobs_turn ORDER BY tag DESC LIMIT 1),
            0) AS now
        FROM open)
    INSERT INTO jobs_turn AS turn (requester, tag) SELECT %(flow)s, now + %(cost)s FROM virtual
    ON CONFLICT (requester) DO UPDATE SET tag = greatest(turn.tag, excluded.tag - %(cost)s) + %(cost)s
    RETURNING tag - %(cost)s, (SELECT now FROM virtual)
"""  # noqa: S608 - a constant


def end_of_turn(requester: str) -> int:
    """The priority of what comes after everything that the requester has asked for so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tag FROM jobs_turn WHERE requester = %s", [requester])
        row = cursor.fetchone()
    return -int(row[0]) if row else 0


def set_tags_back() -> bool:
    """Forget turns that are over, and set all tags back by the virtual time before they grow too large."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT -priority::bigint FROM procrastinate_jobs "
            "WHERE status = 'todo' AND priority < %s ORDER BY priority DESC LIMIT 1",
            [BAND // 2],
        )
        row = cursor.fetchone()
        now = int(row[0]) if row else None
        if now is not None:
            cursor.execute("DELETE FROM jobs_turn WHERE tag < %s", [now])
        cursor.execute("SELECT coalesce(max(tag), 0) FROM jobs_turn")
        highest = int(cursor.fetchone()[0])
        if highest < MOST_TAG:
            return False
        cursor.execute(_SET_BACK, {"now": highest if now is None else now, "split": BAND // 2})
        return True


_SET_BACK = f"""
    WITH closed AS MATERIALIZED (SELECT pg_advisory_xact_lock({_LOCK})),
    queue AS (
        UPDATE procrastinate_jobs SET priority = least(priority + %(now)s, 0) FROM closed
        WHERE status = 'todo' AND priority < %(split)s)
    UPDATE jobs_turn SET tag = greatest(0, tag - %(now)s) FROM closed
"""  # noqa: S608 - a constant
