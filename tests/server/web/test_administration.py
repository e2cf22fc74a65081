"""Administrators find accounts and grant credits; documents' contents are not theirs to see."""

from __future__ import annotations

import pytest
from django.test import Client

from ocrchat_server.accounts.models import Account
from ocrchat_server.accounts.services import create_account
from ocrchat_server.billing.models import Purse, Transfer
from ocrchat_server.jobs.models import Job

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


@pytest.mark.parametrize("page", ["billing/transfer", "billing/purse", "billing/hold", "jobs/job"])
def test_ledger_and_jobs_are_looked_at_and_never_touched(admin: Client, ada: Account, page: str) -> None:
    assert admin.get(f"/admin/{page}/").status_code == 200
    assert admin.get(f"/admin/{page}/add/").status_code == 403


def test_an_accounts_links_lead_to_its_purses_holds_and_jobs(admin: Client, ada: Account) -> None:
    for link in (f"billing/purse/?owner={ada.id}", f"billing/hold/?owner={ada.id}"):
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


def test_a_customer_is_no_administrator(ada: Account) -> None:
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/admin/accounts/account/").status_code in (302, 403)
    assert Client(HTTP_HOST="localhost").get("/admin/").status_code == 302
