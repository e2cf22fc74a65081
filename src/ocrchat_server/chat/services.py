"""Change conversations: let a message in, keep its answer, delete."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ocrchat.answers import Answer
from ocrchat_server.accounts.models import Account
from ocrchat_server.billing.messages import reserve_message, settle_message
from ocrchat_server.billing.services import Reservation, release
from ocrchat_server.chat.errors import BadMessage, ConversationNotFound, TooManyMessages
from ocrchat_server.chat.exchange import Exchange, citation_as_kept
from ocrchat_server.chat.models import Conversation, Message, Role
from ocrchat_server.chat.queries import conversation_of
from ocrchat_server.jobs.errors import JobNotFound
from ocrchat_server.jobs.idempotency import keep_key
from ocrchat_server.jobs.models import Job

MOST_CHARACTERS = 4000
"""Characters that a message may have."""


def checked(message: str) -> str:
    """The message without the space around it. BadMessage where nothing is asked, or too much."""
    text = message.replace("\0", "").strip()
    if not text:
        raise BadMessage("the message is empty: ask something of the document")
    if len(text) > MOST_CHARACTERS:
        raise BadMessage(f"the message has {len(text):,} characters; at most {MOST_CHARACTERS:,} are taken")
    return text


def admit(exchange: Exchange, wish: Reservation, most: int) -> None:
    """Count a message of today and set aside what it costs. TooManyMessages, OutOfPages: then neither was."""
    with transaction.atomic():
        count_message(exchange.account, most, wish.now)
        if exchange.credits:
            reserve_message(wish, exchange.job.id)


def give_up(exchange: Exchange) -> None:
    """Give back what was set aside for a message that will not be answered."""
    if exchange.credits:
        release(exchange.id)


def count_message(account: Account, most: int, now: datetime) -> None:
    """Count one message of today. TooManyMessages after `most` of them; 0 is no limit."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"account": account.id, "day": now.date(), "most": most})
        if cursor.fetchone() is None:
            tomorrow = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            raise TooManyMessages(most, tomorrow - now)


def keep_exchange(exchange: Exchange, answer: Answer) -> Message:
    """Store a question and its answer, in a new conversation if it goes on with none, and charge it.

    An answer that finds nothing costs nothing. JobNotFound if the document went, ConversationNotFound if
    the conversation did, KeyTaken if the same request was faster: then nothing is stored or charged.
    """
    with transaction.atomic():
        # Whoever deletes the job waits for this, or has won.
        if not _locked(Job.objects.select_for_update(no_key=True).filter(id=exchange.job.id)):
            raise JobNotFound("the job was deleted meanwhile")
        if exchange.key:
            keep_key(exchange.key, exchange.id)
        conversation = exchange.conversation
        if conversation is None:
            conversation = Conversation.objects.create(
                id=exchange.begins, job=exchange.job, account=exchange.account
            )
        elif not _locked(Conversation.objects.select_for_update().filter(id=conversation.id)):
            raise ConversationNotFound("the conversation was deleted meanwhile")
        Message.objects.create(
            conversation=conversation, role=Role.USER.value, content=exchange.asked.message
        )
        return Message.objects.create(
            conversation=conversation,
            role=Role.ASSISTANT.value,
            content=answer.content,
            citations=[citation_as_kept(each) for each in answer.citations],
            exchange=exchange.id,
            credits=_charged(exchange, answer),
            created_at=timezone.now(),
        )


def delete_conversation(job: Job, account: Account, conversation: str) -> None:
    """Delete a conversation with its messages. ConversationNotFound."""
    found = conversation_of(job, account, conversation)
    found.delete()


def _charged(exchange: Exchange, answer: Answer) -> int:
    if exchange.credits and answer.is_found:
        return settle_message(exchange.id)
    give_up(exchange)
    return 0


def _locked(row: QuerySet[Any]) -> bool:
    """Whether the row is there; it then stays until the transaction's end."""
    return bool(row.values_list("id"))


_COUNT = """
    INSERT INTO chat_daycount AS known (account_id, day, messages) VALUES (%(account)s, %(day)s, 1)
    ON CONFLICT (account_id) DO UPDATE SET
        messages = CASE WHEN known.day = excluded.day THEN known.messages + 1 ELSE 1 END,
        day = excluded.day
    WHERE %(most)s = 0 OR known.day <> excluded.day OR known.messages < %(most)s
    RETURNING messages
"""
