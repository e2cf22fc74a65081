"""Nobody is somebody else by what stands in a request: made-up addresses, tokens that are not right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from tests.conftest import Server
from tests.drawing import scripted_png, scripted_tiff

PLANS = """
plans:
  anonymous: {title: None, allowance: 6, period: day, network_allowance: 12, pages_a_file: 100, \
requests_a_minute: null}
  free: {title: Free, allowance: 20, period: month, pages_a_file: 4, requests_a_minute: null}
  unlimited: {title: All, allowance: null, period: month, pages_a_file: 2000, requests_a_minute: null}
"""

Start = Callable[..., Server]


def _started(start_server: Start, folder: pytest.TempPathFactory, **settings: str) -> Server:
    place = folder.mktemp("who-asks")
    (place / "plans.yaml").write_text(PLANS)
    plans = str(place / "plans.yaml")
    return start_server(place / "data", OCRCHAT_ENGINE="scripted", OCRCHAT_PLANS=plans, **settings)


@pytest.fixture(scope="module")
def behind(start_server: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server behind a proxy on this machine."""
    return _started(start_server, tmp_path_factory, OCRCHAT_PROXIES="127.0.0.1,10.0.0.0/8")


@pytest.fixture(scope="module")
def bare(start_server: Start, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that strangers reach directly."""
    return _started(start_server, tmp_path_factory)


def _post(server: Server, forwarded: str, pages: int = 1, **headers: str) -> requests.Response:
    return requests.post(
        f"{server.address}/api/v1/ocr/",
        headers={"X-Forwarded-For": forwarded, **headers},
        files={"file": ("a.tif", scripted_tiff(["page"] * pages))},
        timeout=60,
    )


def _statuses(server: Server, *forwarded: str) -> list[int]:
    return [_post(server, each).status_code for each in forwarded]


def test_a_client_gets_no_pages_by_making_addresses_up(bare: Server) -> None:
    made_up = [f"203.0.113.{number}" for number in range(8)]
    assert _statuses(bare, *made_up) == [200] * 6 + [402] * 2
    others = ("X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP")
    for name in others:
        assert _post(bare, "", **{name: "203.0.113.200"}).status_code == 402, name


def test_what_is_made_up_before_our_proxy_gives_no_pages(behind: Server) -> None:
    made_up = [f"203.0.113.{number}, 198.51.100.70" for number in range(6)]
    assert _statuses(behind, *made_up) == [200] * 6
    for forwarded in (
        "203.0.113.9, 198.51.100.70",
        "203.0.113.9,198.51.100.70, 10.1.2.3",
        "198.51.100.70:4711",
        "::ffff:198.51.100.70",
        "10.9.9.9, 198.51.100.70",
        "nonsense, 198.51.100.70",
    ):
        assert _statuses(behind, forwarded) == [402], forwarded
    assert _statuses(behind, "198.51.100.70, 198.51.100.71") == [200]


def test_rotating_addresses_of_a_network_share_what_one_has(behind: Server) -> None:
    rotated = [f"2001:db8:7:100:{number:x}:1:2:3" for number in range(1, 7)]
    assert _statuses(behind, *rotated) == [200] * 6
    refused = _post(behind, "2001:db8:7:100:ffff::9")
    assert (refused.status_code, refused.json()["used"], refused.json()["cap"]) == (402, 6, 6)
    written_otherwise = ("[2001:db8:7:100::1]:443", "2001:0DB8:0007:0100::2", "2001:db8:7:100::3%eth0")
    assert _statuses(behind, *written_otherwise) == [402] * 3


def test_rotating_networks_of_a_household_share_what_a_household_has(behind: Server) -> None:
    assert _post(behind, "2001:db8:8:100::1", 6).status_code == 202
    assert _post(behind, "2001:db8:8:101::1", 5).status_code == 200
    assert _post(behind, "2001:db8:8:1fe::1", 1).status_code == 200
    refused = _post(behind, "2001:db8:8:1ff::1")
    assert (refused.status_code, refused.json()["used"], refused.json()["cap"]) == (402, 12, 12)
    assert _post(behind, "2001:db8:8:200::1").status_code == 200


def _status(server: Server, path: str = "/api/v1/usage/", **headers: str) -> int:
    return requests.get(server.address + path, headers=headers, timeout=30).status_code


def test_a_token_with_a_bit_flipped_anywhere_is_401(bare: Server) -> None:
    token = bare.token
    for place, letter in enumerate(token):
        flipped = token[:place] + chr(ord(letter) ^ 1) + token[place + 1 :]
        assert _status(bare, Authorization=f"Bearer {flipped}") == 401, flipped
    assert _status(bare, Authorization=f"Bearer {token}") == 200


@pytest.mark.parametrize(
    "shown",
    [
        "Bearer",
        "Bearer ",
        "Bearer TOKENx",
        "Bearer TOKE",
        "Bearer TOKEN TOKEN",
        "Bearer TOKEN,TOKEN",
        'Bearer "TOKEN"',
        "Token TOKEN",
        "Basic TOKEN",
        "TOKEN",
        "Bearer\tTOKEN",
        "Bearer token",
    ],
)
def test_a_header_that_is_not_quite_right_is_401(bare: Server, shown: str) -> None:
    assert _status(bare, Authorization=shown.replace("TOKEN", bare.token)) == 401


def test_a_token_counts_in_its_two_places_alone(bare: Server) -> None:
    token = bare.token
    assert _status(bare, Authorization=f"bearer {token}") == 200
    assert _status(bare, f"/api/v1/usage/?api_token={token}") == 200
    usage = requests.get(
        f"{bare.address}/api/v1/usage/",
        headers={"X-Api-Token": token, "X-Authorization": f"Bearer {token}", "Proxy-Authorization": token},
        cookies={"api_token": token, "Authorization": token},
        timeout=30,
    ).json()
    assert usage["plan"] == "anonymous"
    assert _status(bare, f"/api/v1/usage/?API_TOKEN={token}") == 200
    assert _status(bare, f"/api/v1/usage/?api_token={token}&api_token=") == 401
    assert _status(bare, f"/api/v1/usage/?api%5Ftoken={token[:-1]}") == 401


def test_a_token_in_a_form_is_no_token_and_is_not_said_again(behind: Server) -> None:
    answer = requests.post(
        f"{behind.address}/api/v1/ocr/",
        headers={"X-Forwarded-For": "198.51.100.90"},
        files={"file": ("a.png", scripted_png("a"))},
        data={"api_token": behind.token},
        timeout=60,
    )
    assert [each["code"] for each in answer.json()["warnings"]] == ["unknown-field"]
    assert behind.token not in answer.text


def test_no_token_stands_in_a_log_wherever_it_was_put(bare: Server) -> None:
    token = bare.token
    for path in (
        f"/api/v1/usage/?api_token={token}",
        f"/api/v1/nowhere/?api_token={token}",
        f"/api/v1/ocr/{token}/",
        f"/api/v1/{token}",
        f"/?api_token={token}",
        f"/nowhere/{token}/?api_token={token}",
        f"/healthz?api_token={token}",
        f"/account/login/?next=/%3Fapi_token={token}",
    ):
        answer = requests.get(bare.address + path, timeout=30)
        assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin"), path
    requests.post(f"{bare.address}/api/v1/usage/?api_token={token}", data="x" * 1000, timeout=30)
    for log in (bare.data / "logs").iterdir():
        assert token not in log.read_text(), log
