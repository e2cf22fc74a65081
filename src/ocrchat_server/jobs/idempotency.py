"""Know a request again that was sent before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import connection

from ocrchat.errors import RequestError
from ocrchat_server.jobs.errors import KeyUsedOtherwise
from ocrchat_server.jobs.retention import KEY_HOURS

LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a client calls its request, and the request itself as a SHA-256 in hex."""

    requester: str
    key: str
    fingerprint: str


class KeyTaken(Exception):
    """The same request was faster, a moment ago."""


def request_key(requester: str, key: str, fields: Mapping[str, str], file: Path | None) -> RequestKey:
    """The key of a request with these fields and this file, if any. RequestError for a key that is none."""
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise RequestError(f"an Idempotency-Key is 1 to {LONGEST_KEY} printable ASCII characters")
    content = ""
    if file is not None:
        with file.open("rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
    plain = json.dumps([sorted(fields.items()), content])
    return RequestKey(requester, key, hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest())


def job_of_key(key: RequestKey) -> UUID | None:
    """The job that this very request made before; None when it is new. KeyUsedOtherwise."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job, fingerprint FROM jobs_idempotencykey "
            "WHERE requester = %s AND key = %s AND created_at > now() - %s * interval '1 hour'",
            [key.requester, key.key, KEY_HOURS],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    if row[1] != key.fingerprint:
        raise KeyUsedOtherwise("this Idempotency-Key was sent with another request; send another key")
    return UUID(str(row[0]))


def keep_key(key: RequestKey, job: UUID) -> None:
    """Keep the key with its job, in the transaction that makes the job. KeyTaken when somebody has it.

    Who comes second waits here until the first has committed, or was rolled back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            {
                "requester": key.requester,
                "key": key.key,
                "fingerprint": key.fingerprint,
                "job": job,
                "hours": KEY_HOURS,
            },
        )
        if cursor.fetchone() is None:
            raise KeyTaken


_KEEP = """
    INSERT INTO jobs_idempotencykey AS kept (requester, key, fingerprint, job, created_at)
    VALUES (%(requester)s, %(key)s, %(fingerprint)s, %(job)s, now())
    ON CONFLICT (requester, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, job = excluded.job, created_at = excluded.created_at
        WHERE kept.created_at <= now() - %(hours)s * interval '1 hour'
    RETURNING 1
"""
