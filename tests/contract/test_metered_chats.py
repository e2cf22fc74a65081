"""Chat messages that cost something: paid once, by who has it, and never for nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import Server
from tests.drawing import scripted_png

INVOICE = "INVOICE\nAcme Corp\nTax: $6.00\nTotal: $42.00\nDue date: March 3, 2026"
PLANS = """
plans:
  unlimited:
    {title: Metered, allowance: 8, period: month, pages_a_file: 10, message_credits: 1, messages_a_day: 60}
"""


@pytest.fixture
def metered(start_server: Callable[..., Server], tmp_path: Path) -> Server:
    """A server whose first account has eight credits, and pays one for a message."""
    plans = tmp_path / "plans.yaml"
    plans.write_text(PLANS)
    return start_server(tmp_path / "data", OCRCHAT_ENGINE="scripted", OCRCHAT_PLANS=str(plans))


def _ask(server: Server, uuid: str, message: str, key: str = "", **headers: str) -> requests.Response:
    sent = {**server.bearer, **headers} | ({"Idempotency-Key": key} if key else {})
    address = f"{server.address}/api/v1/chat/{uuid}/"
    return requests.post(address, headers=sent, json={"message": message}, timeout=120)


def _usage(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = server.get("/usage/").json()
    return found


def _check(server: Server) -> None:
    """The ledger is sound, as its own command says."""
    command = [sys.executable, "-m", "ocrchat", "ledger", "check"]
    settings = {**os.environ, "OCRCHAT_DATA": str(server.data), "DATABASE_URL": ""}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (
        0,
        ["0 faults; all purses together hold 0"],
    ), done.stdout + done.stderr


def test_messages_are_paid_once_and_only_when_they_are_answered(metered: Server) -> None:
    uuid = metered.post("invoice.png", scripted_png(INVOICE)).json()["uuid"]
    assert (_usage(metered)["used"], _usage(metered)["cap"]) == (1, 8)

    nothing = _ask(metered, uuid, "What is the IBAN?").json()["message"]
    assert (nothing["citations"], nothing["credits"]) == ([], 0)
    assert _ask(metered, uuid, " ").status_code == 400
    assert _ask(metered, "0" * 32, "What is the total?").status_code == 404
    assert _usage(metered)["used"] == 1

    first = _ask(metered, uuid, "What is the total?", "mine").json()
    assert first["message"]["credits"] == 1
    assert _ask(metered, uuid, "What is the total?", "mine").json() == first
    streamed = _ask(metered, uuid, "What is the total?", "mine", Accept="text/event-stream").text
    assert json.loads(streamed.strip().rsplit("data: ", 1)[1]) == first
    other = _ask(metered, uuid, "What is the tax?", "mine")
    assert (other.status_code, list(other.json())) == (400, ["error"])
    assert _usage(metered)["used"] == 2
    assert _usage(metered)["chat"] == {"message_credits": 1, "messages_today": 2, "messages_a_day": 60}

    _ask(metered, uuid, "What is the tax?", Accept="text/event-stream")
    assert _usage(metered)["used"] == 3

    with ThreadPoolExecutor(50) as threads:
        replies = list(threads.map(lambda _: _ask(metered, uuid, "What is the total?"), range(50)))
    answered = [reply for reply in replies if reply.status_code == 200]
    refused = [reply for reply in replies if reply.status_code == 402]
    assert (len(answered), len(refused)) == (5, 45)
    assert {reply.json()["message"]["content"] for reply in answered} == {"Total: $42.00 (p. 1)"}
    assert {tuple(reply.json()) for reply in refused} == {("error", "used", "cap")}
    assert {(reply.json()["used"], reply.json()["cap"]) for reply in refused} == {(8, 8)}
    assert _usage(metered)["used"] == 8
    assert len(metered.get(f"/chat/{uuid}/history/").json()["messages"]) == 2 * 8
    _check(metered)


def test_the_same_key_sent_at_once_is_one_answer(metered: Server) -> None:
    uuid = metered.post("invoice.png", scripted_png(INVOICE)).json()["uuid"]
    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(lambda _: _ask(metered, uuid, "What is the total?", "one"), range(4)))
    assert {reply.status_code for reply in replies} == {200}
    assert all(reply.json() == replies[0].json() for reply in replies)
    assert _usage(metered)["used"] == 2
    assert len(metered.get(f"/chat/{uuid}/history/").json()["messages"]) == 2
    _check(metered)
