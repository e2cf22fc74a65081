"""An account's life: its address confirmed, its password changed and lost, a second factor, its end."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
from psycopg import sql

from tests.browser import PASSWORD, Browser
from tests.conftest import Server
from tests.drawing import scripted_png
from tests.mail_stand_in import MailServer, mail_server

_TOKEN = re.compile(r"oc_[A-Za-z0-9_-]{48}")
OTHER = "staple apple lantern"


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """Where mail goes."""
    with mail_server(tmp_path_factory.mktemp("post")) as found:
        yield found


@pytest.fixture(scope="module")
def site(
    start_server: Callable[..., Server], post: MailServer, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """A server as it is set up for strangers: addresses are to be confirmed."""
    return start_server(
        tmp_path_factory.mktemp("accounts") / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_SMTP_URL=post.url,
        OCRCHAT_MAIL_FROM="desk@example.org",
    )


def _link(site: Server, post: MailServer, to: str, after: int = 0) -> str:
    """The path of the link in the newest letter."""
    text = post.newest(to, after).get_content()
    found = re.search(rf"{re.escape(site.address)}(/\S+)", text)
    assert found, text
    return found[1]


def _signed_up(site: Server, post: MailServer, email: str) -> Browser:
    """Somebody with a confirmed address, who has logged in."""
    Browser(site.address).send("/account/signup/", email=email, password1=PASSWORD)
    Browser(site.address).send(_link(site, post, email))
    browser = Browser(site.address)
    _log_in(browser, email)
    assert _is_in(browser)
    return browser


def _log_in(browser: Browser, email: str, password: str = PASSWORD) -> requests.Response:
    return browser.send("/account/login/", login=email, password=password)


def _is_in(browser: Browser) -> bool:
    return urlsplit(browser.open("/account/").url).path == "/account/"


def test_an_address_is_confirmed_before_its_account_is_used(site: Server, post: MailServer) -> None:
    browser = Browser(site.address)
    answer = browser.send("/account/signup/", email="ada@example.org", password1=PASSWORD)
    assert "confirm" in answer.text.lower()
    assert not _is_in(browser)
    _log_in(browser, "ada@example.org")
    assert not _is_in(browser)
    letter = post.newest("ada@example.org")
    assert letter["From"] == "desk@example.org"
    assert letter["Subject"].startswith("[ocrchat]")
    browser.send(_link(site, post, "ada@example.org"))
    _log_in(browser, "ada@example.org")
    assert _is_in(browser)
    assert _TOKEN.search(browser.open("/account/").text)


def test_a_second_sign_up_does_not_tell_that_there_is_an_account(site: Server, post: MailServer) -> None:
    known = Browser(site.address).send("/account/signup/", email="Owner@localhost", password1=PASSWORD)
    fresh = Browser(site.address).send("/account/signup/", email="new@example.org", password1=PASSWORD)
    assert known.url == fresh.url
    assert "already exists" in str(post.newest("owner@localhost").get_content())


def test_a_forgotten_password_is_set_anew_by_mail_and_once(site: Server, post: MailServer) -> None:
    old = _signed_up(site, post, "cleo@example.org")
    before = len(post.letters)
    browser = Browser(site.address)
    browser.send("/account/password/reset/", email="cleo@example.org")
    link = _link(site, post, "cleo@example.org", before)
    form = browser.open(link).url.removeprefix(site.address)
    browser.send(form, password1=OTHER, password2=OTHER)
    assert "Bad Token" in Browser(site.address).open(link).text
    assert not _is_in(old)
    _log_in(browser, "cleo@example.org")
    assert not _is_in(browser)
    _log_in(browser, "cleo@example.org", OTHER)
    assert _is_in(browser)


def test_a_link_that_was_made_up_sets_no_password(site: Server, post: MailServer) -> None:
    _signed_up(site, post, "fay@example.org")
    before = len(post.letters)
    Browser(site.address).send("/account/password/reset/", email="fay@example.org")
    link = _link(site, post, "fay@example.org", before)
    forged = link.replace("-", "-0", 1)
    assert "Bad Token" in Browser(site.address).open(forged).text


def test_a_changed_password_ends_other_sessions_and_needs_the_old_one(site: Server, post: MailServer) -> None:
    browser = _signed_up(site, post, "dora@example.org")
    elsewhere = Browser(site.address)
    _log_in(elsewhere, "dora@example.org")
    assert _is_in(elsewhere)
    browser.send("/account/password/change/", oldpassword="wrong", password1=OTHER, password2=OTHER)
    assert _is_in(elsewhere)
    browser.send("/account/password/change/", oldpassword=PASSWORD, password1=OTHER, password2=OTHER)
    assert _is_in(browser)
    assert not _is_in(elsewhere)
    assert "changed" in str(post.newest("dora@example.org").get_content())


def test_a_new_address_counts_when_it_is_confirmed(site: Server, post: MailServer) -> None:
    browser = _signed_up(site, post, "eve@example.org")
    browser.send("/account/email/", action_add="", email="eve2@example.org")
    _log_in(other := Browser(site.address), "eve2@example.org")
    assert not _is_in(other)
    browser.send(_link(site, post, "eve2@example.org"))
    _log_in(other, "eve2@example.org")
    assert _is_in(other)
    _log_in(former := Browser(site.address), "eve@example.org")
    assert not _is_in(former)


@pytest.mark.parametrize("password", ["short", "password123", "gustav@example.org"])
def test_a_password_that_is_easily_guessed_is_refused(site: Server, password: str) -> None:
    browser = Browser(site.address)
    answer = browser.send("/account/signup/", email="gustav@example.org", password1=password)
    assert answer.url.endswith("/account/signup/")
    assert "errorlist" in answer.text


def _code(secret: str, steps: int = 0) -> str:
    """The six digits of now (RFC 6238), or of so many half minutes later."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30 + steps), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_a_second_factor_is_asked_for_and_is_stored_sealed(site: Server, post: MailServer) -> None:
    browser = _signed_up(site, post, "hal@example.org")
    activate = "/account/2fa/totp/activate/"
    page = browser.send("/account/reauthenticate/", password=PASSWORD, next=activate)
    secret = re.search(r'value="([A-Z2-7]{16,})"', page.text)
    assert secret, page.text
    assert 'src="data:image/svg+xml' in page.text
    wrong = "000000" if _code(secret[1]) != "000000" else "000001"
    page = browser.fill(page, activate, code=wrong)
    assert "errorlist" in page.text
    browser.fill(page, activate, code=_code(secret[1]))
    recovery = re.findall(r"\b[0-9a-f]{8}\b", browser.open("/account/2fa/recovery-codes/").text)
    assert len(recovery) == 10

    thief = Browser(site.address)
    assert thief.open("/").status_code == 200
    _log_in(thief, "hal@example.org")
    assert not _is_in(thief)
    assert "errorlist" in thief.send("/account/2fa/authenticate/", code=wrong).text
    assert not _is_in(thief)

    owner = Browser(site.address)
    _log_in(owner, "hal@example.org")
    owner.send("/account/2fa/authenticate/", code=_code(secret[1], 1))
    assert _is_in(owner)

    rescued = Browser(site.address)
    _log_in(rescued, "hal@example.org")
    rescued.send("/account/2fa/authenticate/", code=recovery[0])
    assert _is_in(rescued)
    again = Browser(site.address)
    _log_in(again, "hal@example.org")
    again.send("/account/2fa/authenticate/", code=recovery[0])
    assert not _is_in(again)
    assert secret[1] not in _dump(site)


def test_an_account_goes_with_its_jobs_tokens_and_chats(site: Server, post: MailServer) -> None:
    browser = _signed_up(site, post, "iris@example.org")
    token = _TOKEN.search(browser.open("/account/").text)
    assert token
    headers = {"Authorization": f"Bearer {token[0]}"}
    job = requests.post(
        f"{site.address}/api/v1/ocr/",
        headers=headers,
        files={"file": ("iris.png", scripted_png("The total is 42 zorkmids."))},
        timeout=60,
    ).json()
    chat = requests.post(
        f"{site.address}/api/v1/chat/{job['uuid']}/",
        headers=headers,
        json={"message": "What is the total in zorkmids?"},
        timeout=60,
    )
    assert chat.status_code == 200, chat.text
    dump = _dump(site)
    assert "zorkmids" in dump
    assert "iris@example.org" in dump
    browser.send("/account/delete/", password=PASSWORD)
    assert requests.get(f"{site.address}/api/v1/usage/", headers=headers, timeout=30).status_code == 401
    assert not _is_in(browser)
    dump = _dump(site)
    assert "zorkmids" not in dump
    assert "iris" not in dump
    assert not list((site.data / "blobs" / "jobs").glob(f"{job['uuid']}/**/*"))
    _log_in(browser, "iris@example.org")
    assert not _is_in(browser)


def test_behind_a_proxy_that_does_the_tls_links_say_https(
    start_server: Callable[..., Server], post: MailServer, tmp_path: Path
) -> None:
    address = "https://ocr.example.org"
    site = start_server(
        tmp_path / "data", OCRCHAT_ENGINE="scripted", OCRCHAT_SMTP_URL=post.url, OCRCHAT_PUBLIC_URL=address
    )
    signup, host = f"{site.address}/account/signup/", {"Host": "ocr.example.org"}
    page = requests.get(signup, headers=host, timeout=30)
    assert "; Secure" in page.headers["Set-Cookie"]
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    form = {"csrfmiddlewaretoken": token[1], "email": "kim@example.org", "password1": PASSWORD}
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    headers = {**host, "Origin": address, "Cookie": cookie}
    answer = requests.post(signup, data=form, headers=headers, timeout=30, allow_redirects=False)
    assert answer.status_code == 302
    letter = str(post.newest("kim@example.org").get_content())
    assert f"{address}/account/confirm-email/" in letter
    forged = {**headers, "Origin": "https://evil.example.org"}
    assert requests.post(signup, data=form, headers=forged, timeout=30).status_code == 403


def test_a_mail_server_that_is_away_costs_a_letter_and_not_the_page(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    site = start_server(tmp_path / "data", OCRCHAT_ENGINE="scripted", OCRCHAT_SMTP_URL="smtp://127.0.0.1:9")
    browser = Browser(site.address)
    answer = browser.send("/account/signup/", email="ada@example.org", password1=PASSWORD)
    assert answer.status_code == 200
    assert "could not send you a mail" in answer.text


def test_without_a_mail_server_letters_are_in_the_log(scripted_server: Server) -> None:
    browser = Browser(scripted_server.address)
    browser.send("/account/signup/", email="log@example.org", password1=PASSWORD)
    log = (scripted_server.data / "logs" / "web.log").read_text()
    found = re.search(rf"{re.escape(scripted_server.address)}(/account/confirm-email/\S+)", log)
    assert found
    browser.send(found[1])
    _log_in(browser, "log@example.org")
    assert _is_in(browser)


def _dump(site: Server) -> str:
    """Everything that stands in the database, as text."""
    from ocrchat_server.embedded.postgres import Cluster

    with psycopg.connect(Cluster(site.data).url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [
            row[0]
            for (table,) in tables
            for row in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
        ]
    return "\n".join(rows)
