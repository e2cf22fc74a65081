"""The pages that people see, as a browser without scripts uses them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import requests

from tests.browser import PASSWORD, Browser
from tests.conftest import Server

_TOKEN = re.compile(r"oc_[A-Za-z0-9_-]{48}")


@pytest.fixture(scope="module")
def site(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that lets people in whose address is not confirmed yet."""
    return start_server(
        tmp_path_factory.mktemp("site") / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_CONFIRM_ADDRESSES="false",
    )


@pytest.fixture
def browser(site: Server) -> Browser:
    """A browser of nobody."""
    return Browser(site.address)


def _signed_up(browser: Browser, email: str) -> str:
    answer = browser.send("/account/signup/", email=email, password1=PASSWORD)
    assert answer.status_code == 200, answer.text
    found = _TOKEN.search(browser.open("/account/").text)
    assert found
    return found[0]


def _status(site: Server, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{site.address}/api/v1/usage/", headers=headers, timeout=30).status_code


@pytest.mark.parametrize("path", ["/", "/pricing/", "/docs/", "/account/login/", "/account/signup/"])
def test_a_page_loads_nothing_from_elsewhere_and_is_never_stored(browser: Browser, path: str) -> None:
    answer = browser.open(path)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_who_signs_up_has_a_token_that_works(site: Server, browser: Browser) -> None:
    token = _signed_up(browser, "ada@example.org")
    headers = {"Authorization": f"Bearer {token}"}
    usage = requests.get(f"{site.address}/api/v1/usage/", headers=headers, timeout=30).json()
    assert {"plan": "free", "used": 0, "cap": 100}.items() <= usage.items()


def test_a_token_that_is_replaced_or_revoked_works_no_more(site: Server, browser: Browser) -> None:
    first = _signed_up(browser, "bea@example.org")
    page = browser.open("/account/").text
    number = re.search(r'name="rotate" value="(\d+)"', page)
    assert number
    page = browser.send("/account/", "/account/tokens/", rotate=number[1]).text
    second = _TOKEN.search(page)
    assert second
    assert (_status(site, first), _status(site, second[0])) == (401, 200)
    number = re.search(r'name="revoke" value="(\d+)"', page)
    assert number
    assert "revoked" in browser.send("/account/", "/account/tokens/", revoke=number[1]).text
    assert _status(site, second[0]) == 401


def test_nobody_changes_anothers_tokens(site: Server, browser: Browser) -> None:
    token = _signed_up(browser, "cleo@example.org")
    number = re.search(r'name="revoke" value="(\d+)"', browser.open("/account/").text)
    assert number
    stranger = Browser(site.address)
    _signed_up(stranger, "dan@example.org")
    stranger.send("/account/", "/account/tokens/", revoke=number[1])
    assert _status(site, token) == 200


def test_who_deletes_the_account_leaves_no_token_and_no_document(site: Server, browser: Browser) -> None:
    from tests.drawing import scripted_png

    token = _signed_up(browser, "eve@example.org")
    headers = {"Authorization": f"Bearer {token}"}
    files = {"file": ("a.png", scripted_png("mine"))}
    job = requests.post(f"{site.address}/api/v1/ocr/", headers=headers, files=files, timeout=60).json()
    assert "not your password" in browser.send("/account/delete/", password="wrong").text
    assert _status(site, token) == 200
    browser.send("/account/delete/", password=PASSWORD)
    assert _status(site, token) == 401
    assert not list((site.data / "blobs" / "jobs").glob(f"{job['uuid']}/**/*"))
    assert browser.open("/account/").url.startswith(f"{site.address}/account/login/")


def test_a_form_from_elsewhere_is_refused(site: Server, browser: Browser) -> None:
    _signed_up(browser, "fay@example.org")
    answer = browser.session.post(f"{site.address}/account/tokens/", data={"new": "x"}, timeout=30)
    assert answer.status_code == 403
    assert "form has expired" in answer.text


def test_who_guesses_passwords_is_locked_out_even_from_the_right_one(site: Server) -> None:
    _signed_up(Browser(site.address), "gus@example.org")
    thief = Browser(site.address)
    for number in range(12):
        thief.send("/account/login/", login="gus@example.org", password=f"guess {number}")
    answer = thief.send("/account/login/", login="gus@example.org", password=PASSWORD)
    assert "Too many" in answer.text
    assert thief.open("/account/").url.startswith(f"{site.address}/account/login/")
