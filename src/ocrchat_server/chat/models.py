"""Store conversations about documents, and how many messages an account sent today."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ocrchat_server.accounts.models import Account
from ocrchat_server.jobs.models import Job


class Role(StrEnum):
    """Who says a message."""

    USER = "user"
    ASSISTANT = "assistant"


class Conversation(models.Model):
    """What one account asks about one document; it goes with either of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="conversations")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="conversations")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["job", "account"], name="conversations_of_a_job")]


class Message(models.Model):
    """One message; `citations` are as the API gives them, none for a user's.

    An answer has the id of its `exchange`, by which the ledger knows it, and what it cost.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    role = models.CharField(max_length=9)
    content = models.TextField()
    citations = models.JSONField(default=list)
    exchange = models.UUIDField(null=True, unique=True)
    credits = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["conversation", "id"], name="messages_in_their_order")]


class DayCount(models.Model):
    """How many messages an account sent on the last day it sent any, in UTC; deleted ones count on."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True)
    day = models.DateField()
    messages = models.PositiveIntegerField()
