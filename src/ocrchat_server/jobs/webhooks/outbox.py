"""Keep the messages that are to be sent: each becomes due in the transaction that ends its job."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from ocrchat.model import Note
from ocrchat.model.codec import note_as_plain
from ocrchat_server.jobs.lifecycle import JobStatus
from ocrchat_server.jobs.models import Job, Webhook
from ocrchat_server.jobs.webhooks.schedule import MOST_ATTEMPTS, is_taken, pause_after
from ocrchat_server.jobs.webhooks.secrets import secrets_of

if TYPE_CHECKING:  # the web process calls nobody, and does without an HTTP client
    from ocrchat_server.jobs.webhooks.call import Answer

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
"""When a message that a worker took, and then said nothing of, is taken by another."""

AT_ONCE_EACH = 16
"""Messages of one account that a worker takes at a time: slow receivers delay their own."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is to be sent now, for the so-manieth time, and what signs it."""

    job: UUID
    account: UUID
    url: str
    attempt: int
    body: bytes
    secrets: tuple[str, ...]

    @property
    def id(self) -> str:
        """The same in every attempt, by which a receiver knows a message again."""
        return f"msg_{self.job.hex}"


def expect_webhook(job: UUID, url: str) -> None:
    """Have the end of a job told to that address; in the transaction that makes the job."""
    Webhook.objects.create(job_id=job, url=url)


def body_of(job: Job) -> bytes:
    """What is told: that the job ended and how, nothing that was read in it. The same in every attempt."""
    ended = job.finished_at.isoformat() if job.finished_at else None
    data: dict[str, object] = {
        "uuid": job.id.hex,
        "status": job.status,
        "page_count": job.page_count,
        "pages_read": job.pages_read,
        "credits": job.credits,
        "finished_at": ended,
    }
    if job.status == JobStatus.FAILED:
        data["error"] = job.error
    event = {"type": f"ocr.{job.status}", "timestamp": ended, "data": data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def take_due(most: int, busy: Collection[UUID] = ()) -> list[Message]:
    """At most so many messages that are due, each for this process alone until its lease is over.

    None of accounts that have enough under way here (`busy`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE, {"most": most, "each": AT_ONCE_EACH, "busy": list(busy), "lease": LEASE_SECONDS}
        )
        rows: list[tuple[UUID, UUID, str, int]] = cursor.fetchall()
    jobs = Job.objects.in_bulk([row[0] for row in rows])
    secrets = {account: secrets_of(account) for account in {row[1] for row in rows}}
    return [
        Message(job, account, url, attempt, body_of(jobs[job]), secrets[account])
        for job, account, url, attempt in rows
        if job in jobs
    ]


_TAKE = """
    WITH due AS (
        SELECT hook.job_id FROM jobs_webhook hook
        JOIN (SELECT waiting.job_id, row_number() OVER (PARTITION BY account_id ORDER BY next_at) AS place
              FROM (SELECT job_id, next_at FROM jobs_webhook
                    WHERE ended_at IS NULL AND next_at <= now() ORDER BY next_at LIMIT 1000) waiting
              JOIN jobs_job job ON job.id = waiting.job_id
              WHERE account_id <> ALL(%(busy)s::uuid[])) ranked ON ranked.job_id = hook.job_id
        WHERE ranked.place <= %(each)s AND hook.ended_at IS NULL AND hook.next_at <= now()
        ORDER BY hook.next_at LIMIT %(most)s
        FOR UPDATE OF hook SKIP LOCKED)
    UPDATE jobs_webhook hook
    SET attempts = attempts + 1, next_at = now() + %(lease)s * interval '1 second'
    FROM due, jobs_job job
    WHERE hook.job_id = due.job_id AND job.id = due.job_id
    RETURNING hook.job_id, job.account_id, hook.url, hook.attempts
"""


def settle(message: Message, answer: Answer, chance: float) -> None:
    """Write down what came of an attempt: it was taken, is tried again, or is given up.

    What is given up stands among the job's warnings. An attempt whose lease was over changes nothing.
    """
    if is_taken(answer.status):
        _write(message, answer, None)
        return
    pause = pause_after(message.attempt, answer.status, chance)
    log.info("job %s: webhook, attempt %d: %s", message.job.hex, message.attempt, answer.said)
    if _write(message, answer, pause) and pause is None:
        said = f"the webhook was given up after {message.attempt} of {MOST_ATTEMPTS} attempts: {answer.said}"
        note = json.dumps([note_as_plain(Note("webhook-failed", said))])
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET notes = notes || %s::jsonb WHERE id = %s", [note, message.job]
            )


def _write(message: Message, answer: Answer, pause: float | None) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_webhook SET outcome = %(said)s, "
            "next_at = CASE WHEN %(pause)s::float8 IS NULL THEN next_at "
            "          ELSE now() + %(pause)s::float8 * interval '1 second' END, "
            "ended_at = CASE WHEN %(pause)s::float8 IS NULL THEN now() END "
            "WHERE job_id = %(job)s AND attempts = %(attempt)s AND ended_at IS NULL",
            {"said": answer.said[:200], "pause": pause, "job": message.job, "attempt": message.attempt},
        )
        return bool(cursor.rowcount)
