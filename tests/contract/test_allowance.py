"""Who has no pages left is told so, with what was used and what there was."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.conftest import Server
from tests.drawing import scripted_png, scripted_tiff

PLANS = """
plans:
  anonymous: {title: None, allowance: 6, period: day, pages_a_file: 100, requests_a_minute: null}
  free: {title: Free, allowance: 20, period: month, pages_a_file: 4, requests_a_minute: null}
  unlimited: {title: All, allowance: null, period: month, pages_a_file: 2000, requests_a_minute: null}
"""


@pytest.fixture(scope="module")
def metered(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that gives little."""
    folder = tmp_path_factory.mktemp("metered")
    (folder / "plans.yaml").write_text(PLANS)
    return start_server(
        folder / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_PLANS=str(folder / "plans.yaml"),
        OCRCHAT_PROXIES="127.0.0.1",
    )


def _post(server: Server, pages: int, address: str, token: str = "", **fields: str) -> requests.Response:
    headers = {"X-Forwarded-For": address} | ({"Authorization": f"Bearer {token}"} if token else {})
    file = scripted_tiff(["page"] * pages)
    return requests.post(
        f"{server.address}/api/v1/ocr/",
        headers=headers,
        files={"file": ("a.tif", file)},
        data=fields,
        timeout=60,
    )


def _usage(server: Server, address: str = "", token: str = "") -> dict[str, object]:
    headers = {"X-Forwarded-For": address} | ({"Authorization": f"Bearer {token}"} if token else {})
    found: dict[str, object] = requests.get(
        f"{server.address}/api/v1/usage/", headers=headers, timeout=30
    ).json()
    return found


@pytest.fixture(scope="module")
def token(metered: Server) -> str:
    """A token of an account with the free plan."""
    url = _database_of(metered)
    done = subprocess.run(
        [sys.executable, "-m", "ocrchat", "account", "create", "ada@example.org", "--plan", "free"],
        env={"PATH": "/usr/bin:/bin", "OCRCHAT_DATA": str(metered.data), "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_an_address_has_its_pages_a_day(metered: Server) -> None:
    assert _post(metered, 4, "198.51.100.1").status_code == 200
    refused = _post(metered, 3, "198.51.100.1")
    assert refused.status_code == 402
    assert {"used": 4, "cap": 6}.items() <= refused.json().items()
    assert "out of pages" in refused.json()["error"]
    assert _post(metered, 2, "198.51.100.1").status_code == 200
    assert _post(metered, 1, "198.51.100.1").json()["used"] == 6
    assert _post(metered, 1, "198.51.100.2").status_code == 200


def test_addresses_of_one_household_share_theirs(metered: Server) -> None:
    assert _post(metered, 5, "2001:db8::1").status_code == 200
    assert _post(metered, 5, "2001:db8::ffff:2").status_code == 402
    assert _post(metered, 5, "2001:db8:0:1::1").status_code == 200


def test_usage_says_what_is_used_and_left(metered: Server) -> None:
    assert _post(metered, 2, "198.51.100.9").status_code == 200
    usage = _usage(metered, "198.51.100.9")
    assert {"plan": "anonymous", "used": 2, "cap": 6, "credits": 0}.items() <= usage.items()
    assert str(usage["resets_at"]).endswith("T00:00:00+00:00")


def test_a_page_that_failed_costs_nothing(metered: Server) -> None:
    file = scripted_tiff(["good", "!die", "good"])
    answer = requests.post(
        f"{metered.address}/api/v1/ocr/",
        headers={"X-Forwarded-For": "198.51.100.20"},
        files={"file": ("a.tif", file)},
        timeout=60,
    )
    assert answer.json()["credits"] == 2
    assert _usage(metered, "198.51.100.20")["used"] == 2


def test_what_would_cost_more_than_is_wished_is_refused(metered: Server) -> None:
    refused = _post(metered, 3, "198.51.100.30", max_credits="2")
    assert refused.status_code == 402
    assert "max_credits" in refused.json()["error"]
    assert _usage(metered, "198.51.100.30")["used"] == 0
    assert _post(metered, 2, "198.51.100.30", max_credits="2").status_code == 200
    assert _post(metered, 1, "198.51.100.30", max_credits="many").status_code == 400


def test_a_quote_says_what_a_file_would_cost_and_charges_nothing(metered: Server) -> None:
    file = scripted_tiff(["page"] * 7)
    answer = requests.post(
        f"{metered.address}/api/v1/quote/",
        headers={"X-Forwarded-For": "198.51.100.60"},
        files={"file": ("a.tif", file)},
        timeout=60,
    ).json()
    assert {"pages": 7, "credits": 7, "used": 0, "cap": 6, "has_text": False}.items() <= answer.items()
    assert (answer["is_affordable"], answer["is_accepted"]) == (False, True)
    assert _usage(metered, "198.51.100.60")["used"] == 0


def test_a_quote_says_how_long_it_would_take_when_pages_were_read_before(metered: Server) -> None:
    assert _post(metered, 1, "198.51.100.61").status_code == 200
    seconds = []
    for pages in (1, 60):
        answer = requests.post(
            f"{metered.address}/api/v1/quote/",
            headers={"X-Forwarded-For": "198.51.100.61"},
            files={"file": ("a.tif", scripted_tiff(["page"] * pages))},
            timeout=60,
        ).json()
        seconds.append(answer["seconds"])
    assert 0 <= seconds[0] <= seconds[1]
    assert seconds[1] > 0


def test_an_account_pays_for_itself_wherever_it_is(metered: Server, token: str) -> None:
    assert _post(metered, 4, "198.51.100.40", token).status_code == 200
    assert _usage(metered, token=token)["used"] == 4
    assert _usage(metered, "198.51.100.40")["used"] == 0


def test_a_file_over_the_plans_pages_is_400(metered: Server, token: str) -> None:
    refused = _post(metered, 5, "198.51.100.40", token)
    assert refused.status_code == 400
    assert "4" in refused.json()["error"]


def test_many_at_once_get_what_there_is_and_no_more(metered: Server) -> None:
    png = scripted_png("x")

    def post(_: int) -> int:
        return requests.post(
            f"{metered.address}/api/v1/ocr/",
            headers={"X-Forwarded-For": "198.51.100.50"},
            files={"file": ("a.png", png)},
            timeout=120,
        ).status_code

    with ThreadPoolExecutor(20) as threads:
        statuses = list(threads.map(post, range(40)))
    assert (statuses.count(200), statuses.count(402)) == (6, 34)
    assert _usage(metered, "198.51.100.50")["used"] == 6


def _database_of(server: Server) -> str:
    """The address of the server's own database, as its web process has it."""
    for line in Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split():
        for each in Path(f"/proc/{line}/environ").read_bytes().split(b"\0"):
            if each.startswith(b"DATABASE_URL=") and len(each) > len(b"DATABASE_URL="):
                return each.partition(b"=")[2].decode()
    raise AssertionError("no child of the supervisor has a database")
