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
    job's end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="jobs")
    status = models.CharField(max_length=12, default=JobStatus.PENDING.value)
    tier = models.CharField(max_length=8)
    language = models.CharField(max_length=100)
    languages = models.JSONField(default=list)
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

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(pages_done__lte=models.F("page_count")), name="no_page_is_finished_twice"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-created_at"], name="jobs_of_an_account")]

    @property
    def upload_key(self) -> str:
        """Where the file lies in the blob store."""
        return upload_key(self.id)


class Page(models.Model):
    """One page of a job; `index` counts from 0 within the document.

    `attempt` counts its readers. What the attempt that was committed has read lies in the blob store.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pages")
    index = models.PositiveIntegerField()
    status = models.CharField(max_length=8, default=PageStatus.WAITING.value)
    attempt = models.PositiveSmallIntegerField(default=0)
    credits = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "index"], name="each_page_once")]


def upload_key(job: uuid.UUID) -> str:
    """Where the file of a job lies in the blob store."""
    return f"jobs/{job.hex}/upload"


def page_key(job: uuid.UUID, index: int, attempt: int) -> str:
    """Where what an attempt has read lies in the blob store."""
    return f"jobs/{job.hex}/pages/{index}-{attempt}.json.gz"
