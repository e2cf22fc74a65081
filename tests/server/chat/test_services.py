"""Conversations are kept, counted and deleted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.services import create_account
from ocrchat_server.chat.errors import BadMessage, ConversationNotFound, TooManyMessages
from ocrchat_server.chat.models import Conversation, Message
from ocrchat_server.chat.queries import conversation_of, last_question, messages_about
from ocrchat_server.chat.services import (
    MOST_CHARACTERS,
    checked,
    count_message,
    delete_conversation,
    keep_exchange,
)
from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.errors import JobNotFound
from ocrchat_server.jobs.models import Job
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.storage.connections import connections_released
from tests.server.jobs.conftest import database, job, store, submit

__all__ = ["database", "job", "store", "submit"]

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


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
    first = keep_exchange(job, account, None, "one?", "1", [{"page": 1, "snippet": "1"}])
    keep_exchange(job, account, first.conversation, "two?", "2", [])
    keep_exchange(job, account, None, "three?", "3", [])
    assert [each.content for each in messages_about(job, account)] == [
        "one?",
        "1",
        "two?",
        "2",
        "three?",
        "3",
    ]
    assert len(messages_about(job, account, first.conversation)) == 4
    assert last_question(first.conversation) == "two?"
    assert first.citations == [{"page": 1, "snippet": "1"}]


def test_a_conversation_is_its_accounts_and_its_jobs_alone(
    job: Job, account: Account, submit: Callable[..., Job]
) -> None:
    kept = keep_exchange(job, account, None, "one?", "1", []).conversation
    name = kept.id.hex
    assert conversation_of(job, account, name) == kept
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
    conversation = keep_exchange(job, account, None, "one?", "1", []).conversation
    stale = Conversation.objects.get(id=conversation.id)
    delete_conversation(job, account, conversation.id.hex)
    assert not Message.objects.exists()
    with pytest.raises(ConversationNotFound):
        keep_exchange(job, account, stale, "two?", "2", [])
    assert not Message.objects.exists()


def test_an_answer_to_a_job_that_was_deleted_meanwhile_is_not_kept(
    job: Job, account: Account, store: BlobStore
) -> None:
    conversation = keep_exchange(job, account, None, "one?", "1", []).conversation
    tombstone = delete_job(job.id, Reason.ASKED, store)
    assert tombstone is not None
    assert tombstone.removed["conversations"] == 1
    assert tombstone.removed["messages"] == 2
    for each in (None, conversation):
        with pytest.raises(JobNotFound):
            keep_exchange(job, account, each, "two?", "2", [])
    assert not Conversation.objects.exists()
