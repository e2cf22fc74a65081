"""Store jobs and their pages: these rows, not the queue, say what is to be done."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ocrchat_server.accounts.models import Account
from ocrchat_server.jobs.lifecycle import JobStatus, PageStatus


class Job(models.Model):
    """One file that somebody wants read.

    `languages` are canonical codes, `language` is what was asked. `page_count` counts the pages that
    were asked for, `pages_done` those that are finished, read or failed. `notes` are what the intake
    said of the file, as plain warnings. The password of an encrypted PDF is sealed, and gone with the
    job's end. `requester` is whose turn it takes in the queue: an account, or an anonymous client. Results
    are kept for `keep_seconds` after the end: until `expires_at`, which is known with the end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="jobs")
    status = models.CharField(max_length=12, default=JobStatus.PENDING.value)
    tier = models.CharField(max_length=8)
    language = models.CharField(max_length=100)
    languages = models.JSONField(default=list)
    text_layer = models.CharField(max_length=6, default="auto", db_default="auto")
    file_name = models.CharField(max_length=255)
    file_kind = models.CharField(max_length=12)
    file_size = models.BigIntegerField()
    file_sha256 = models.CharField(max_length=64)
    password_seal = models.BinaryField(null=True)
    page_count = models.PositiveIntegerField()
    pages_done = models.PositiveIntegerField(default=0)
    pages_read = models.PositiveIntegerField(default=0)
    credits = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    engine = models.JSONField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    requester = models.CharField(max_length=64, default="", db_default="")
    keep_seconds = models.PositiveIntegerField(default=2_592_000, db_default=2_592_000)
    expires_at = models.DateTimeField(null=True)
    upload_deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(pages_done__lte=models.F("page_count")), name="no_page_is_finished_twice"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at", "-id"], name="jobs_of_an_account"),
            models.Index(
                fields=["requester"], condition=models.Q(finished_at=None), name="unfinished_jobs_of_one"
            ),
            models.Index(fields=["expires_at"], name="jobs_by_expiry"),
            models.Index(
                fields=["finished_at"],
                condition=models.Q(upload_deleted_at=None),
                name="jobs_with_their_upload",
            ),
        ]

    @property
    def upload_key(self) -> str:
        """Where the file lies in the blob store."""
        return upload_key(self.id)


class Page(models.Model):
    """One page of a job; `index` counts from 0 within the document.

    `attempt` counts its readers. What the attempt that was committed has read lies in the blob store.
    `claimed_at` is when the last attempt began, `source` what it was read by, empty until then.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pages")
    index = models.PositiveIntegerField()
    status = models.CharField(max_length=8, default=PageStatus.WAITING.value)
    attempt = models.PositiveSmallIntegerField(default=0)
    credits = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=12, default="", db_default="")
    claimed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "index"], name="each_page_once")]


class Tombstone(models.Model):
    """That a job was here, and what was deleted with it; says nothing of its contents.

    `removed` counts what went, by kind. `cleared_at` says when its blobs were gone.
    """

    job = models.UUIDField(primary_key=True)
    account = models.UUIDField(null=True)
    reason = models.CharField(max_length=8)
    removed = models.JSONField(default=dict)
    deleted_at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["job"], condition=models.Q(cleared_at=None), name="tombstones_not_cleared"),
            models.Index(fields=["deleted_at"], name="tombstones_by_age"),
        ]


class IdempotencyKey(models.Model):
    """What a client called a request of its own, so that sending it again does nothing twice.

    `fingerprint` is the SHA-256 of the request, in hex.
    """

    requester = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    job = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["requester", "key"], name="each_key_of_a_requester_once")
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="keys_by_age")]


class Turn(models.Model):
    """How far a requester's work reaches in the queue's virtual time; see `fairness`.

    Short jobs have a row of their own; its requester ends with a plus sign.
    """

    requester = models.CharField(max_length=65, primary_key=True)
    tag = models.BigIntegerField(db_index=True)


class Webhook(models.Model):
    """An address that is told of a job's end; due at `next_at`, which is None until the job has ended.

    `ended_at` says when it was taken or given up, `outcome` what was answered last.
    """

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="webhook")
    url = models.TextField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=200, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=models.Q(ended_at=None), name="webhooks_to_be_sent")
        ]


class WebhookSecret(models.Model):
    """What signs an account's messages, sealed; and what did before it was replaced."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="+")
    seal = models.BinaryField()
    former_seal = models.BinaryField(null=True)
    replaced_at = models.DateTimeField(null=True)


class Making(models.Model):
    """That somebody makes the blob of that key at this moment, and until when that is to be believed."""

    key = models.CharField(max_length=200, primary_key=True)
    maker = models.UUIDField()
    until = models.DateTimeField()


def upload_key(job: uuid.UUID) -> str:
    """Where the file of a job lies in the blob store."""
    return f"jobs/{job.hex}/upload"


def page_key(job: uuid.UUID, index: int, attempt: int) -> str:
    """Where what an attempt has read lies in the blob store."""
    return f"jobs/{job.hex}/pages/{index}-{attempt}.json.gz"
