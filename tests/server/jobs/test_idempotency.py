"""A key stands for one request."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from ocrchat.errors import RequestError
from ocrchat_server.jobs.errors import KeyUsedOtherwise
from ocrchat_server.jobs.idempotency import KeyTaken, RequestKey, job_of_key, keep_key, request_key

KEY = RequestKey("me", "k", "f" * 64)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to be sent."""
    file = tmp_path / "file"
    file.write_bytes(b"scan")
    return file


def test_a_key_leads_to_its_job_and_to_nobody_elses(database: None) -> None:
    job = uuid4()
    assert job_of_key(KEY) is None
    keep_key(KEY, job)
    assert job_of_key(KEY) == job
    assert job_of_key(RequestKey("you", "k", "f" * 64)) is None
    with pytest.raises(KeyUsedOtherwise):
        job_of_key(RequestKey("me", "k", "e" * 64))


def test_a_key_is_taken_once(database: None) -> None:
    keep_key(KEY, uuid4())
    with pytest.raises(KeyTaken):
        keep_key(KEY, uuid4())


def test_a_key_is_kept_for_a_day(database: None) -> None:
    keep_key(KEY, uuid4())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_idempotencykey SET created_at = now() - interval '24 hours'")
    assert job_of_key(KEY) is None
    again = uuid4()
    keep_key(KEY, again)
    assert job_of_key(KEY) == again


def test_another_file_or_field_is_another_request(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"another scan")
    first = request_key("me", "k", {"tier": "cpu", "file": "a.png"}, file)
    assert first == request_key("me", "k", {"file": "a.png", "tier": "cpu"}, file)
    assert first.fingerprint != request_key("me", "k", {"tier": "vlm", "file": "a.png"}, file).fingerprint
    assert first.fingerprint != request_key("me", "k", {"tier": "cpu", "file": "a.png"}, other).fingerprint


@pytest.mark.parametrize("key", ["", "x" * 256, "ü", "a\tb"])
def test_what_is_no_key_is_refused(file: Path, key: str) -> None:
    with pytest.raises(RequestError, match="Idempotency-Key"):
        request_key("me", key, {}, file)
