"""Chat where a language model words the answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.conftest import Server
from tests.drawing import scripted_png
from tests.model_server import ModelServer, model_server

INVOICE = "INVOICE\nAcme Corp\nTax: $6.00\nTotal: $42.00\nDue date: March 3, 2026"


def _honest(body: dict[str, Any]) -> str:
    quotes = [{"page": 1, "quote": "Total: $42.00"}, {"page": 1, "quote": "Due date: March 3, 2026"}]
    answer = "The total is $42.00, due on March 3, 2026."
    return json.dumps({"found": True, "answer": answer, "quotes": quotes})


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    """A model's server; tests write what it says."""
    with model_server(_honest) as server:
        yield server


@pytest.fixture(scope="module")
def server(
    start_server: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory, model: ModelServer
) -> Server:
    """A server that lets that model word its answers."""
    return start_server(
        tmp_path_factory.mktemp("with-a-model") / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_CHAT_URL=model.url,
        OCRCHAT_CHAT_MODEL="small",
        OCRCHAT_CHAT_KEY="secret",
        OCRCHAT_CHAT_MESSAGES_A_DAY="5",
    )


@pytest.fixture(scope="module")
def uuid(server: Server) -> str:
    """An invoice that was read."""
    found: str = server.post("invoice.png", scripted_png(INVOICE)).json()["uuid"]
    return found


def _ask(server: Server, uuid: str, message: str, conversation: str | None = None) -> requests.Response:
    body = {"message": message} | ({"conversation": conversation} if conversation else {})
    address = f"{server.address}/api/v1/chat/{uuid}/"
    return requests.post(address, headers=server.bearer, json=body, timeout=60)


def test_the_model_words_the_answer_and_the_document_bears_it_out(
    server: Server, model: ModelServer, uuid: str
) -> None:
    body = _ask(server, uuid, "What is the invoice total and when is it due?").json()
    assert body["message"]["content"] == "The total is $42.00, due on March 3, 2026. (p. 1)"
    assert [each["snippet"] for each in body["message"]["citations"]] == [
        "Total: $42.00",
        "Due date: March 3, 2026",
    ]
    assert INVOICE in model.bodies[-1]["messages"][1]["content"]
    assert model.headers[-1]["Authorization"] == "Bearer secret"
    _ask(server, uuid, "And the tax?", body["conversation"])
    assert "What is the invoice total and when is it due?" in model.bodies[-1]["messages"][1]["content"]


def test_a_model_that_fails_or_lies_leaves_the_documents_own_words(
    server: Server, model: ModelServer, uuid: str
) -> None:
    try:
        model.status = 500
        assert _ask(server, uuid, "What is the total?").json()["message"]["content"] == "Total: $42.00 (p. 1)"
        model.status, model.script = 200, lambda body: "I am no JSON"
        assert _ask(server, uuid, "What is the total?").json()["message"]["content"] == "Total: $42.00 (p. 1)"
        model.script = lambda body: json.dumps(
            {"found": True, "answer": "PWNED", "quotes": [{"page": 1, "quote": "Total: $42.00"}]}
        )
        assert _ask(server, uuid, "What is the total?").json()["message"]["content"] == "Total: $42.00 (p. 1)"
    finally:
        model.status, model.script = 200, _honest


def test_after_the_days_messages_comes_429_and_says_when_again(server: Server, uuid: str) -> None:
    answer = _ask(server, uuid, "One more?")
    assert answer.status_code == 429
    assert "at most 5 a day" in answer.json()["error"]
    assert 0 < int(answer.headers["Retry-After"]) <= 86_400
