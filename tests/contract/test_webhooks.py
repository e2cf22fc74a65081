"""A client is told of its job's end, by the server as it runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from ocrchat_server.jobs.webhooks.signature import signature
from tests.conftest import Server, Wait
from tests.drawing import scripted_png, scripted_tiff

Got = list[tuple[dict[str, str], bytes]]


@pytest.fixture(scope="module")
def calling_server(start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A server that may call this machine."""
    data: Path = tmp_path_factory.mktemp("calling") / "data"
    return start_server(data, OCRCHAT_ENGINE="scripted", OCRCHAT_WEBHOOK_NETWORKS="127.0.0.0/8")


@pytest.fixture
def receiver() -> Iterator[tuple[str, Got]]:
    """The address of a receiver that fails the first message, and what it got."""
    got: Got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(500 if len(got) == 1 else 204)
            self.end_headers()

        def log_message(self, *told: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got
    server.shutdown()
    server.server_close()


def _secret(server: Server, method: str = "GET") -> str:
    answer = requests.request(
        method, f"{server.address}/api/v1/webhooks/secret/", headers=server.bearer, timeout=30
    )
    assert answer.headers["Cache-Control"] == "no-store"
    secret: str = answer.json()["secret"]
    return secret


def test_a_job_is_told_of_until_somebody_takes_the_message(
    calling_server: Server, receiver: tuple[str, Got], until: Wait
) -> None:
    address, got = receiver
    secret = _secret(calling_server)
    data = scripted_tiff([f"page {number}" for number in range(7)])
    uuid = calling_server.post("a.tif", data, webhook_url=address).json()["uuid"]
    until(lambda: len(got) == 2)
    (first, body), (second, again) = got
    assert body == again
    assert first["webhook-id"] == second["webhook-id"] == f"msg_{uuid}"
    for headers in (first, second):
        expected = signature(secret, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        assert headers["webhook-signature"] == expected
        assert headers["content-type"] == "application/json"
    event = json.loads(body)
    assert event["type"] == "ocr.done"
    job = calling_server.get(f"/ocr/{uuid}/").json()
    assert event["data"] == {
        "uuid": uuid,
        "status": "done",
        "page_count": 7,
        "pages_read": 7,
        "credits": 7,
        "finished_at": job["finished_at"],
    }


def test_a_new_secret_signs_beside_the_former(
    calling_server: Server, receiver: tuple[str, Got], until: Wait
) -> None:
    address, got = receiver
    former = _secret(calling_server)
    secret = _secret(calling_server, "POST")
    assert secret != former
    assert _secret(calling_server) == secret
    calling_server.post("a.png", scripted_png("hello"), webhook_url=address)
    until(lambda: got)
    headers, body = got[0]
    signed = [
        signature(key, headers["webhook-id"], int(headers["webhook-timestamp"]), body)
        for key in (secret, former)
    ]
    assert headers["webhook-signature"].split(" ") == signed


def test_a_webhook_needs_an_account(calling_server: Server) -> None:
    image = scripted_png("hello")
    refused = calling_server.post("a.png", image, anonymous=True, webhook_url="https://hooks.example/")
    assert refused.status_code == 400
    assert "account" in refused.json()["error"]
    assert calling_server.get("/webhooks/secret/", anonymous=True).status_code == 401


@pytest.mark.parametrize("url", ["ftp://hooks.example/", "https://user@hooks.example/", "hooks.example"])
def test_what_is_no_address_is_refused_before_anything_is_stored(calling_server: Server, url: str) -> None:
    refused = calling_server.post("a.png", scripted_png("hello"), webhook_url=url)
    assert refused.status_code == 400
    assert "webhook_url" in refused.json()["error"]


def test_a_server_of_strangers_calls_nothing_without_tls(scripted_server: Server) -> None:
    refused = scripted_server.post("a.png", scripted_png("x"), webhook_url="http://169.254.169.254/latest/")
    assert refused.status_code == 400
    assert "https://" in refused.json()["error"]
