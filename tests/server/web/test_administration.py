"""Administrators find accounts and grant credits; documents' contents are not theirs to see."""

from __future__ import annotations

import gzip
import json

import pytest
from django.conf import settings
from django.test import Client

from ocrchat.model.codec import page_as_stored
from ocrchat_server.accounts.models import Account, Look
from ocrchat_server.accounts.services import create_account
from ocrchat_server.billing.models import Purse, Transfer
from ocrchat_server.jobs.models import Job, Page, page_key
from ocrchat_server.storage.opening import opened_store
from tests.server.jobs.conftest import page_of

ROWS = {
    "account_id": None,
    "tier": "cpu",
    "language": "en",
    "file_kind": "pdf",
    "file_size": 1,
    "page_count": 1,
}


@pytest.fixture
def ada(database: None) -> Account:
    """A customer."""
    return create_account("ada@example.org", "free")[0]


@pytest.fixture
def admin(database: None) -> Client:
    """An administrator's browser."""
    account, _ = create_account("root@example.org", "free", is_admin=True)
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def _grant(admin: Client, ada: Account, amount: str, reason: str) -> int:
    wish = {"plan": "paid", "is_active": "on", "amount": amount, "reason": reason}
    return admin.post(f"/admin/accounts/account/{ada.pk}/change/", wish).status_code


def test_an_account_is_found_by_its_address(admin: Client, ada: Account) -> None:
    assert "ada@example.org" in admin.get("/admin/accounts/account/?q=ada").content.decode()


def test_a_grant_stands_in_the_ledger_with_its_reason_and_giver(admin: Client, ada: Account) -> None:
    assert _grant(admin, ada, "50", "a voucher") == 302
    ada.refresh_from_db()
    assert ada.plan == "paid"
    assert Purse.objects.get(owner=ada.id).balance == 50
    moved = Transfer.objects.get()
    assert (moved.reason, moved.note) == ("grant", "a voucher (root@example.org)")
    assert moved.by == Account.objects.get(email="root@example.org").id
    assert _grant(admin, ada, "-80", "by mistake") == 302
    assert Purse.objects.get(owner=ada.id).balance == 0


def test_credits_without_a_reason_are_refused(admin: Client, ada: Account) -> None:
    assert _grant(admin, ada, "50", " ") == 200
    assert not Transfer.objects.exists()


READ_ONLY = [
    *("billing/transfer", "billing/purse", "billing/hold", "billing/purchase", "billing/reversal"),
    *("billing/paymentevent", "accounts/look", "jobs/job"),
]


@pytest.mark.parametrize("page", READ_ONLY)
def test_ledger_and_jobs_are_looked_at_and_never_touched(admin: Client, ada: Account, page: str) -> None:
    assert admin.get(f"/admin/{page}/").status_code == 200
    assert admin.get(f"/admin/{page}/add/").status_code == 403


def test_an_accounts_links_lead_to_its_purses_holds_and_jobs(admin: Client, ada: Account) -> None:
    links = ("billing/purse/?owner", "billing/hold/?owner", "billing/purchase/?q", "accounts/look/?q")
    for link in (f"{each}={ada.id}" for each in links):
        assert admin.get(f"/admin/{link}").status_code == 200
    assert admin.get(f"/admin/jobs/job/?account__id__exact={ada.id}").status_code == 200


def test_a_job_shows_its_course_and_not_its_name(admin: Client) -> None:
    job = Job.objects.create(file_name="my divorce.pdf", file_sha256="0" * 64, **ROWS)
    shown = admin.get(f"/admin/jobs/job/{job.id}/change/")
    assert shown.status_code == 200
    assert "pending" in shown.content.decode()
    assert "divorce" not in shown.content.decode()


def test_plans_are_changed_here_and_the_queue_is_seen(admin: Client) -> None:
    assert "Without an account" in admin.get("/admin/billing/planrow/").content.decode()
    assert admin.get("/admin/procrastinate/procrastinatejob/").status_code == 200


def _read_job(ada: Account) -> Job:
    """A job of Ada's whose one page says SECRET."""
    job = Job.objects.create(
        account=ada, file_name="my divorce.pdf", file_sha256="0" * 64, **{**ROWS, "account_id": ada.id}
    )
    Page.objects.create(job=job, index=0, attempt=1, status="read")
    page = json.dumps(page_as_stored(page_of(0, "SECRET"))).encode()
    store = opened_store(settings.OCRCHAT.data, settings.OCRCHAT.blobs)
    store.put(page_key(job.id, 0, 1), gzip.compress(page))
    return job


def test_a_document_is_looked_into_with_a_reason_that_its_owner_reads(admin: Client, ada: Account) -> None:
    job = _read_job(ada)
    address = f"/admin/jobs/job/{job.id}/contents/"
    asked = admin.get(address).content.decode()
    assert "Why do you have to look?" in asked
    assert "SECRET" not in asked
    assert "divorce" not in asked
    assert "SECRET" not in admin.post(address, {"reason": "because"}).content.decode()
    assert not Look.objects.exists()
    shown = admin.post(address, {"reason": "she asked us to find her total"}).content.decode()
    assert "SECRET" in shown
    look = Look.objects.get()
    root = Account.objects.get(email="root@example.org")
    assert (look.by, look.owner, look.job) == (root.id, ada.id, job.id)
    owner = Client(HTTP_HOST="localhost")
    owner.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "she asked us to find her total" in owner.get("/account/").content.decode()
    assert owner.post(address, {"reason": "I am curious about it"}).status_code in (302, 403)


def test_the_queue_says_what_waits_and_for_how_long(admin: Client, ada: Account) -> None:
    Job.objects.create(file_name="a", file_sha256="0" * 64, **{**ROWS, "account_id": ada.id, "page_count": 7})
    page = admin.get("/admin/queue/").content.decode()
    assert "1, of 1 client" in page
    assert "7, of them 0 under way" in page
    assert "ada@example.org" in page
    assert "What waits now" in admin.get("/admin/").content.decode()


def test_a_customer_is_no_administrator(ada: Account) -> None:
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/admin/accounts/account/").status_code in (302, 403)
    assert Client(HTTP_HOST="localhost").get("/admin/").status_code == 302
