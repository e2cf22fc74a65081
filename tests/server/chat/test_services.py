"""Conversations are kept, counted and deleted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError

from ocrchat.answers import Answer, Asked, Citation
from ocrchat.model import Box
from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.services import create_account
from ocrchat_server.billing import audit
from ocrchat_server.billing.allowance import payer_with_account
from ocrchat_server.billing.errors import OutOfPages
from ocrchat_server.billing.messages import release_forgotten_messages
from ocrchat_server.billing.models import House
from ocrchat_server.billing.pricing import MessagePrice
from ocrchat_server.billing.queries import standing_of, transfers_of
from ocrchat_server.billing.services import Reservation, give
from ocrchat_server.chat.audit import faults_of_messages
from ocrchat_server.chat.errors import BadMessage, ConversationNotFound, TooManyMessages
from ocrchat_server.chat.exchange import Exchange
from ocrchat_server.chat.models import Conversation, Message
from ocrchat_server.chat.queries import (
    answer_to,
    conversation_of,
    last_question,
    messages_about,
    messages_today,
)
from ocrchat_server.chat.services import (
    MOST_CHARACTERS,
    admit,
    checked,
    count_message,
    delete_conversation,
    give_up,
    keep_exchange,
)
from ocrchat_server.jobs.audit import faults_of_jobs
from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.errors import JobNotFound
from ocrchat_server.jobs.idempotency import KeyTaken, RequestKey
from ocrchat_server.jobs.models import Job
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.storage.connections import connections_released
from tests.server.billing.conftest import plan_of
from tests.server.jobs.conftest import database, job, store, submit

__all__ = ["database", "job", "store", "submit"]

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


ANSWER = Answer("$42 (p. 1)", (Citation(1, "$42", (Box(1, 2, 3, 4),)),))


def exchange_of(
    job: Job,
    account: Account,
    conversation: Conversation | None = None,
    question: str = "total?",
    price: int = 0,
    key: RequestKey | None = None,
) -> Exchange:
    """A message that may be answered."""
    version, asked = (job.id, ()), Asked(question)
    return Exchange(uuid4(), account, job, version, asked, conversation, uuid4(), price, key)


def kept(
    job: Job, account: Account, conversation: Conversation | None, question: str, answer: Answer
) -> Message:
    """The answer as it is stored."""
    return keep_exchange(exchange_of(job, account, conversation, question), answer)


def wish_of(exchange: Exchange, now: datetime = NOON) -> Reservation:
    """What an account without an allowance pays for it."""
    payer = payer_with_account(exchange.account.id, plan_of(0), now)
    return Reservation(exchange.id, payer, exchange.credits, MessagePrice(exchange.credits), now)


def balance_of(account: Account) -> int:
    """Credits of the account; the ledger must be sound."""
    assert [*audit.faults(), *faults_of_jobs(), *faults_of_messages()] == []
    return standing_of(payer_with_account(account.id, plan_of(0), NOON)).credits


@pytest.fixture
def account(job: Job) -> Account:
    """Somebody with an account."""
    return create_account("reader@example.org", "free")[0]


def test_a_message_is_stripped_and_one_too_long_is_refused_with_the_limit() -> None:
    assert checked("  What?\n") == "What?"
    assert len(checked("x" * MOST_CHARACTERS)) == MOST_CHARACTERS
    with pytest.raises(BadMessage, match=f"{MOST_CHARACTERS:,}"):
        checked("x" * (MOST_CHARACTERS + 1))
    for nothing in ("", " \n", "\0"):
        with pytest.raises(BadMessage, match="empty"):
            checked(nothing)


def test_messages_are_counted_by_day_and_the_next_day_begins_anew(account: Account) -> None:
    for _ in range(3):
        count_message(account, 3, NOON)
    with pytest.raises(TooManyMessages) as refused:
        count_message(account, 3, NOON)
    assert refused.value.seconds == 12 * 3600
    count_message(account, 3, NOON + timedelta(hours=12))
    with pytest.raises(TooManyMessages):
        count_message(account, 1, NOON + timedelta(hours=13))


def test_without_a_limit_any_number_is_taken_but_counted(account: Account) -> None:
    for _ in range(5):
        count_message(account, 0, NOON)
    with pytest.raises(TooManyMessages):
        count_message(account, 5, NOON)


def test_messages_at_the_same_time_are_not_more_than_the_limit(account: Account) -> None:
    @connections_released
    def sent(_: int) -> bool:
        try:
            count_message(account, 5, NOON)
        except TooManyMessages:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(sent, range(24))) == 5


def test_an_exchange_is_two_messages_and_goes_on(job: Job, account: Account) -> None:
    first = kept(job, account, None, "one?", ANSWER)
    kept(job, account, first.conversation, "two?", Answer("2"))
    kept(job, account, None, "three?", Answer("3"))
    assert [each.content for each in messages_about(job, account)] == [
        "one?",
        "$42 (p. 1)",
        "two?",
        "2",
        "three?",
        "3",
    ]
    assert len(messages_about(job, account, first.conversation)) == 4
    assert last_question(first.conversation) == "two?"
    assert first.citations == [{"page": 1, "snippet": "$42", "bbox": [[1, 2, 3, 4]]}]


def test_a_conversation_is_its_accounts_and_its_jobs_alone(
    job: Job, account: Account, submit: Callable[..., Job]
) -> None:
    conversation = kept(job, account, None, "one?", Answer("1")).conversation
    name = conversation.id.hex
    assert conversation_of(job, account, name) == conversation
    stranger, other = create_account("stranger@example.org", "free")[0], submit()
    for wrong in (
        (job, stranger, name),
        (other, account, name),
        (job, account, "0" * 32),
        (job, account, "x"),
    ):
        with pytest.raises(ConversationNotFound):
            conversation_of(*wrong)
    assert messages_about(job, stranger) == ()


def test_a_deleted_conversation_is_gone_and_cannot_go_on(job: Job, account: Account) -> None:
    conversation = kept(job, account, None, "one?", Answer("1")).conversation
    stale = Conversation.objects.get(id=conversation.id)
    delete_conversation(job, account, conversation.id.hex)
    assert not Message.objects.exists()
    with pytest.raises(ConversationNotFound):
        kept(job, account, stale, "two?", Answer("2"))
    assert not Message.objects.exists()


def test_an_answer_to_a_job_that_was_deleted_meanwhile_is_not_kept(
    job: Job, account: Account, store: BlobStore
) -> None:
    conversation = kept(job, account, None, "one?", Answer("1")).conversation
    tombstone = delete_job(job.id, Reason.ASKED, store)
    assert tombstone is not None
    assert tombstone.removed["conversations"] == 1
    assert tombstone.removed["messages"] == 2
    for each in (None, conversation):
        with pytest.raises(JobNotFound):
            kept(job, account, each, "two?", Answer("2"))
    assert not Conversation.objects.exists()


def test_an_answered_message_is_charged_and_one_that_finds_nothing_is_not(job: Job, account: Account) -> None:
    give(account.id, 7, "a gift")
    exchange = exchange_of(job, account, price=3)
    admit(exchange, wish_of(exchange), 10)
    assert balance_of(account) == 4
    assert keep_exchange(exchange, ANSWER).credits == 3
    assert balance_of(account) == 4
    assert [(each.reason, each.amount, each.note) for each in transfers_of(account.id)][:2] == [
        ("settle", 3, "chat message"),
        ("reserve", 3, "chat message"),
    ]
    exchange = exchange_of(job, account, price=3)
    admit(exchange, wish_of(exchange), 10)
    assert keep_exchange(exchange, Answer("Not found in this document.")).credits == 0
    assert balance_of(account) == 4
    assert audit.totals()[House.EARNED] == 3


def test_a_message_that_cannot_be_paid_is_refused_with_used_and_cap_and_not_counted(
    job: Job, account: Account
) -> None:
    give(account.id, 2, "a gift")
    exchange = exchange_of(job, account, price=3)
    with pytest.raises(OutOfPages) as refused:
        admit(exchange, wish_of(exchange), 10)
    assert (refused.value.used, refused.value.cap, refused.value.needed) == (0, 2, 3)
    assert messages_today(account, NOON) == 0
    assert balance_of(account) == 2


def test_a_message_over_the_days_limit_sets_nothing_aside(job: Job, account: Account) -> None:
    give(account.id, 9, "a gift")
    for _ in range(2):
        exchange = exchange_of(job, account, price=3)
        admit(exchange, wish_of(exchange), 2)
    exchange = exchange_of(job, account, price=3)
    with pytest.raises(TooManyMessages):
        admit(exchange, wish_of(exchange), 2)
    assert balance_of(account) == 3


def test_a_message_that_fails_gives_back_what_it_holds_once(job: Job, account: Account) -> None:
    give(account.id, 3, "a gift")
    exchange = exchange_of(job, account, price=3)
    admit(exchange, wish_of(exchange), 10)
    give_up(exchange)
    give_up(exchange)
    assert balance_of(account) == 3
    with pytest.raises(DatabaseError, match="nothing is held"):
        keep_exchange(exchange, ANSWER)
    assert not Message.objects.exists()
    assert balance_of(account) == 3


def test_what_a_dead_process_held_for_a_message_comes_back_and_what_a_job_holds_stays(
    job: Job, account: Account
) -> None:
    give(account.id, 3, "a gift")
    exchange = exchange_of(job, account, price=3)
    now = datetime.now(UTC)
    admit(exchange, wish_of(exchange, now - timedelta(minutes=59)), 10)
    assert release_forgotten_messages() == 0
    assert release_forgotten_messages(58 * 60) == 1
    assert release_forgotten_messages(58 * 60) == 0
    assert balance_of(account) == 3


def test_fifty_messages_at_once_on_five_credits_are_five_answers(job: Job, account: Account) -> None:
    give(account.id, 5, "a gift")

    @connections_released
    def sent(_: int) -> bool:
        exchange = exchange_of(job, account, price=1)
        try:
            admit(exchange, wish_of(exchange), 0)
        except OutOfPages:
            return False
        return keep_exchange(exchange, ANSWER).credits == 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(sent, range(50))) == 5
    assert balance_of(account) == 0
    assert audit.totals()[House.EARNED] == 5
    assert Message.objects.exclude(exchange=None).count() == 5


def test_a_key_is_kept_with_its_answer_and_who_comes_second_is_not_charged(
    job: Job, account: Account
) -> None:
    give(account.id, 2, "a gift")
    key = RequestKey(account.id.hex, "mine", "f" * 64)
    first, second = (exchange_of(job, account, price=1, key=key) for _ in range(2))
    for each in (first, second):
        admit(each, wish_of(each), 0)
    answer = keep_exchange(first, ANSWER)
    with pytest.raises(KeyTaken):
        keep_exchange(second, ANSWER)
    give_up(second)
    assert answer_to(first.id) == answer
    assert balance_of(account) == 1
    answer.conversation.delete()
    with pytest.raises(ConversationNotFound, match="deleted"):
        answer_to(first.id)
    assert balance_of(account) == 1
