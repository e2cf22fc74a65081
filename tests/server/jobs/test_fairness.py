"""Who waits gets a share; who is quick is not kept waiting by who asks for much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from ocrchat_server.jobs import fairness
from ocrchat_server.jobs.dispatch import ProcrastinateDispatcher, Work
from ocrchat_server.jobs.errors import TooMuchWaiting
from ocrchat_server.jobs.fairness import BAND, batches, priorities, set_tags_back, take_turn
from ocrchat_server.jobs.models import Job, Turn
from ocrchat_server.jobs.outstanding import Outstanding, check_outstanding


def _enqueue(requester: str, pages: int, weight: int = 1) -> None:
    is_short, parts = pages <= 5, batches(tuple(range(pages)), 5)
    start, now = take_turn(requester, pages, weight, is_short=is_short)
    ranked = priorities(start, now, [len(part) for part in parts], weight, is_short=is_short)
    job = uuid4()
    _OWNERS[job] = requester
    ProcrastinateDispatcher().enqueue(
        [Work(job, part, rank) for part, rank in zip(parts, ranked, strict=True)]
    )


_OWNERS: dict[UUID, str] = {}


def _served(batches_to_serve: int) -> list[str]:
    """Take so many batches out of the queue, as workers would: whose they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs "
            "ORDER BY priority DESC, id LIMIT %s) RETURNING priority, id, args->>'job'",
            [batches_to_serve],
        )
        rows: list[tuple[Any, ...]] = sorted(cursor.fetchall(), key=lambda row: (-row[0], row[1]))
    return [_OWNERS[UUID(job)] for _, _, job in rows]


def _shares(served: Sequence[str]) -> dict[str, int]:
    return {each: served.count(each) for each in set(served)}


def test_who_comes_second_is_not_behind_all_of_the_first(database: None) -> None:
    _enqueue("a", 400)
    _served(10)
    _enqueue("b", 40)
    assert _shares(_served(10)) == {"a": 5, "b": 5}


def test_a_plan_of_four_times_the_weight_gets_four_times_the_share(database: None) -> None:
    _enqueue("a", 800)
    _enqueue("paid", 800, weight=4)
    assert _shares(_served(50)) == {"a": 10, "paid": 40}


def test_a_short_job_goes_before_a_long_one_even_of_its_own(database: None) -> None:
    _enqueue("a", 2000)
    _enqueue("b", 2000)
    _enqueue("a", 5)
    assert _served(5) == ["a"] * 5


def test_a_flood_of_short_jobs_does_not_starve_long_ones(database: None) -> None:
    _enqueue("patient", 80)
    for _ in range(600):
        _enqueue("flood", 1)
    served = _served(600 + 10)
    first = served.index("patient")
    assert 150 <= first <= 250
    after = served[first : first + 150]
    assert after.count("patient") > 5


def test_who_comes_after_a_pause_has_saved_nothing_up_and_owes_nothing(database: None) -> None:
    _enqueue("a", 400)
    _served(50)
    _enqueue("a", 80)
    _enqueue("b", 80)
    assert _shares(_served(10)) == {"a": 5, "b": 5}


def test_tags_are_set_back_and_the_order_stays(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _enqueue("a", 400)
    _served(20)
    _enqueue("b", 80)
    assert not set_tags_back()
    monkeypatch.setattr(fairness, "MOST_TAG", 1000)
    assert set_tags_back()
    _enqueue("c", 40)
    assert _shares(_served(15)) == {"a": 5, "b": 5, "c": 5}
    assert max(Turn.objects.values_list("tag", flat=True)) < BAND


def test_turns_that_are_over_are_forgotten(database: None) -> None:
    _enqueue("gone", 8)
    _enqueue("a", 400)
    _served(30)
    set_tags_back()
    assert list(Turn.objects.values_list("requester", flat=True)) == ["a"]


def test_too_much_waiting_is_refused(job: Job) -> None:
    check_outstanding(job.requester, 7, Outstanding(each=10, in_all=10))
    with pytest.raises(TooMuchWaiting, match="3 pages of yours"):
        check_outstanding(job.requester, 8, Outstanding(each=10, in_all=100))
    check_outstanding("another", 8, Outstanding(each=10, in_all=100))
    with pytest.raises(TooMuchWaiting, match="server"):
        check_outstanding("another", 98, Outstanding(each=100, in_all=100))
