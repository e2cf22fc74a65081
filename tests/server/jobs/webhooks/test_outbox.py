"""Each end of a job is told, at least once, and what nobody takes is given up with a note."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection

from ocrchat_server.accounts.models import Account
from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.ending import end_early
from ocrchat_server.jobs.models import Job, Webhook
from ocrchat_server.jobs.webhooks.addresses import networks_in
from ocrchat_server.jobs.webhooks.call import Answer, Caller
from ocrchat_server.jobs.webhooks.outbox import (
    AT_ONCE_EACH,
    Message,
    body_of,
    expect_webhook,
    settle,
    take_due,
)
from ocrchat_server.jobs.webhooks.schedule import MOST_ATTEMPTS
from ocrchat_server.jobs.webhooks.secrets import replace_secret, secret_of, secrets_of
from ocrchat_server.jobs.webhooks.signature import signature
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.worker.telling import Teller
from tests.server.jobs.conftest import STAMP, page_of
from tests.server.jobs.webhooks.conftest import Receiver, answering


@pytest.fixture
def account(database: None) -> Account:
    """Somebody with an account."""
    account = Account(email=f"{uuid4().hex}@example.org", plan="free")
    account.save()
    return account


@pytest.fixture
def ended(submit: Callable[..., Job], account: Account, store: BlobStore) -> Callable[..., Job]:
    """A job of one page of an account that has ended and is to be told of."""

    def make(url: str = "https://hooks.example/", owner: Account | None = None) -> Job:
        job = _told_of(submit(pages=1), owner or account, url)
        _read(job, 0, store)
        job.refresh_from_db()
        return job

    return make


def _told_of(job: Job, account: Account, url: str = "https://hooks.example/") -> Job:
    Job.objects.filter(id=job.id).update(account=account)
    expect_webhook(job.id, url)
    return job


def _read(job: Job, index: int, store: BlobStore, error: str | None = None) -> None:
    attempt = claim_page(job.id, index)
    assert attempt is not None
    assert commit_page(job.id, page_of(index, "" if error else "text", error), attempt, STAMP, store)


def _due_now() -> None:
    """As if the pauses were over."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_webhook SET next_at = now() WHERE next_at IS NOT NULL")


def test_a_message_is_due_with_its_jobs_last_page_and_not_before(
    submit: Callable[..., Job], account: Account, store: BlobStore
) -> None:
    job = _told_of(submit(pages=2), account)
    _read(job, 0, store)
    assert take_due(10) == []
    _read(job, 1, store)
    (message,) = take_due(10)
    assert (message.job, message.attempt, message.url) == (job.id, 1, "https://hooks.example/")
    event = json.loads(message.body)
    assert event["type"] == "ocr.done"
    assert (event["data"]["uuid"], event["data"]["credits"]) == (job.id.hex, 2)
    assert "text" not in message.body.decode()


def test_a_job_without_a_webhook_is_told_to_nobody(job: Job, store: BlobStore) -> None:
    for index in range(3):
        _read(job, index, store)
    assert take_due(10) == []


def test_a_failed_job_is_told_with_its_reason(
    submit: Callable[..., Job], account: Account, store: BlobStore
) -> None:
    job = _told_of(submit(pages=1), account)
    _read(job, 0, store, error="the page is damaged")
    event = json.loads(take_due(1)[0].body)
    assert event["type"] == "ocr.failed"
    assert event["data"]["error"] == "the page is damaged"


def test_a_cancelled_job_is_told_too(submit: Callable[..., Job], account: Account) -> None:
    job = _told_of(submit(pages=2), account)
    end_early(job.id, "cancelled")
    assert [each.job for each in take_due(10)] == [job.id]


def test_of_a_deleted_job_nothing_is_told(ended: Callable[..., Job], store: BlobStore) -> None:
    delete_job(ended().id, Reason.ASKED, store)
    assert take_due(10) == []
    assert not Webhook.objects.exists()


def test_a_message_is_one_workers_until_its_lease_is_over(ended: Callable[..., Job]) -> None:
    ended()
    (first,) = take_due(10)
    assert take_due(10) == []
    _due_now()
    (second,) = take_due(10)
    assert (second.attempt, second.id, second.body) == (2, first.id, first.body)
    settle(first, Answer(200, "answered 200"), 0.0)  # comes too late to count
    assert Webhook.objects.get().ended_at is None
    settle(second, Answer(200, "answered 200"), 0.0)
    assert Webhook.objects.get().ended_at is not None


def test_what_was_taken_is_not_sent_again(ended: Callable[..., Job]) -> None:
    job = ended()
    (message,) = take_due(10)
    settle(message, Answer(202, "answered 202"), 0.0)
    _due_now()
    assert take_due(10) == []
    job.refresh_from_db()
    assert job.notes == []


def test_what_nobody_takes_is_given_up_with_a_note(ended: Callable[..., Job]) -> None:
    job = ended()
    for attempt in range(1, MOST_ATTEMPTS + 1):
        (message,) = take_due(10)
        assert message.attempt == attempt
        settle(message, Answer(500, "answered 500"), 0.0)
        assert take_due(10) == []  # not before its pause is over
        _due_now()
    assert take_due(10) == []
    job.refresh_from_db()
    (note,) = job.notes
    assert note["code"] == "webhook-failed"
    assert "8 of 8 attempts: answered 500" in note["message"]


def test_a_receiver_that_is_gone_is_given_up_at_once(ended: Callable[..., Job]) -> None:
    job = ended()
    settle(take_due(10)[0], Answer(410, "answered 410"), 0.0)
    _due_now()
    assert take_due(10) == []
    job.refresh_from_db()
    assert [note["code"] for note in job.notes] == ["webhook-failed"]


def test_nobodys_messages_wait_behind_all_of_anothers(ended: Callable[..., Job], account: Account) -> None:
    other = Account(email="other@example.org", plan="free")
    other.save()
    for _ in range(AT_ONCE_EACH + 4):
        ended()
    late = ended(owner=other)
    taken = take_due(64)
    assert len(taken) == AT_ONCE_EACH + 1
    assert late.id in {each.job for each in taken}
    assert take_due(64, busy=[account.id]) == []
    assert len(take_due(64)) == 4


def test_a_replaced_secret_signs_along_for_a_day(account: Account) -> None:
    first = secret_of(account.id)
    assert secret_of(account.id) == first
    assert first.startswith("whsec_")
    second = replace_secret(account.id)
    assert secrets_of(account.id) == (second, first)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_webhooksecret SET replaced_at = now() - interval '25 hours'")
    assert secrets_of(account.id) == (second,)


def test_the_database_alone_gives_no_secret_away(account: Account) -> None:
    secret = secret_of(account.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal FROM jobs_webhooksecret")
        assert secret.removeprefix("whsec_").encode() not in bytes(cursor.fetchone()[0])


@pytest.fixture
def teller() -> Teller:
    """A worker's teller that may call this machine."""
    return Teller(Caller(networks_in("127.0.0.0/8"), seconds=5), "ocrchat/test")


def _told(teller: Teller) -> int:
    async def tell() -> int:
        begun = await teller.begin()
        await teller.finish()
        return begun

    return asyncio.run(tell())


def test_a_receiver_can_check_what_it_gets(
    ended: Callable[..., Job], account: Account, receiver: Callable[..., Receiver], teller: Teller
) -> None:
    there = receiver(answering("200 OK"))
    job = ended(there.url)
    assert _told(teller) == 1
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    sent = {name.lower(): value for name, value in headers.items()}
    assert body == body_of(job)
    assert sent["webhook-id"] == f"msg_{job.id.hex}"
    assert sent["webhook-signature"] == signature(
        secret_of(account.id), sent["webhook-id"], int(sent["webhook-timestamp"]), body
    )
    assert Webhook.objects.get().outcome == "answered 200"
    _due_now()
    assert _told(teller) == 0


def test_a_receiver_that_fails_once_gets_the_same_message_again(
    ended: Callable[..., Job], receiver: Callable[..., Receiver], teller: Teller
) -> None:
    statuses = iter(["500 Oh", "200 OK"])
    there = receiver(lambda peer: answering(next(statuses))(peer))
    ended(there.url)
    assert _told(teller) == 1
    assert _told(teller) == 0
    _due_now()
    assert _told(teller) == 1
    first, second = (request.partition(b"\r\n\r\n")[2] for request in there.requests)
    assert first == second
    assert Webhook.objects.get().ended_at is not None


def test_many_are_told_at_once(
    ended: Callable[..., Job], receiver: Callable[..., Receiver], teller: Teller
) -> None:
    there = receiver(answering("200 OK"))
    jobs = {ended(there.url).id for _ in range(10)}
    assert _told(teller) == 10
    told = {UUID(json.loads(request.partition(b"\r\n\r\n")[2])["data"]["uuid"]) for request in there.requests}
    assert told == jobs


def test_a_message_has_one_id_whatever_becomes_of_it() -> None:
    job = uuid4()
    message = Message(job, uuid4(), "https://hooks.example/", 3, b"{}", ())
    assert message.id == f"msg_{job.hex}"
