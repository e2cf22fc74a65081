"""Find conversations and what was said in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ocrchat_server.accounts.models import Account
from ocrchat_server.chat.errors import ConversationNotFound
from ocrchat_server.chat.models import Conversation, DayCount, Message, Role
from ocrchat_server.jobs.models import Job


def conversation_of(job: Job, account: Account, conversation: str) -> Conversation:
    """The account's conversation about that job. ConversationNotFound, for malformed ids too."""
    try:
        wanted = UUID(conversation) if conversation == UUID(conversation).hex else None
    except ValueError:
        wanted = None
    found = Conversation.objects.filter(id=wanted, job=job, account=account).first() if wanted else None
    if found is None:
        raise ConversationNotFound(f"there is no conversation {conversation[:40]!r} about this document")
    return found


def answer_to(exchange: UUID) -> Message:
    """The answer that was kept for that exchange. ConversationNotFound where it was deleted."""
    found = Message.objects.filter(exchange=exchange).first()
    if found is None:
        raise ConversationNotFound("the answer that this Idempotency-Key got was deleted")
    return found


def messages_today(account: Account, now: datetime) -> int:
    """How many messages an account sent today, in UTC."""
    found = DayCount.objects.filter(account=account, day=now.date()).first()
    return found.messages if found else 0


def last_question(conversation: Conversation) -> str | None:
    """What was asked last in a conversation."""
    asked = Message.objects.filter(conversation=conversation, role=Role.USER.value).order_by("-id").first()
    return asked.content if asked else None


def conversations_about(job: Job, account: Account) -> tuple[Conversation, ...]:
    """The account's conversations about a job, the newest first."""
    return tuple(Conversation.objects.filter(job=job, account=account).order_by("-created_at", "-id"))


def messages_about(
    job: Job, account: Account, conversation: Conversation | None = None
) -> tuple[Message, ...]:
    """What an account said and was told about a job, in all conversations or in one, the oldest first."""
    found = Message.objects.filter(conversation__job=job, conversation__account=account)
    if conversation is not None:
        found = found.filter(conversation=conversation)
    return tuple(found.order_by("id"))
