"""The gate in front of Django."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import OperationalError

from ocrchat_server.accounts.models import Account
from ocrchat_server.config.gate import FORM_BYTES, Gate, Message, Receive, Scope, Send

MOST = 1000
ADA = Account(email="ada@example.org", plan="free")


@dataclass
class Behind:
    """An application that reads its whole body and notes what it was asked."""

    scopes: list[Scope] = field(default_factory=list)
    received: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        while True:
            message = await receive()
            self.received += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


async def _account_of(token: str) -> Account | None:
    if token == "unlucky":
        raise OperationalError("the database is away")
    return ADA if token == "good" else None


def _asked(
    path: str = "/api/v1/ocr/",
    query: str = "",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    chunks: tuple[bytes, ...] = (b"",),
    stalls: bool = False,
) -> tuple[Behind, int, dict[str, Any]]:
    """What stood behind the gate saw, the status, and the answer's JSON."""
    behind, sent = Behind(), []
    pairs = headers.items() if isinstance(headers, dict) else headers or []
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in pairs],
    }
    body: Iterator[Message] = (
        {"type": "http.request", "body": chunk, "more_body": stalls or place < len(chunks)}
        for place, chunk in enumerate(chunks, 1)
    )

    async def receive() -> Message:
        if (message := next(body, None)) is None:
            await asyncio.Event().wait()  # a client that says no more
            raise AssertionError("unreachable")
        return message

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Gate(behind, _account_of, MOST, silence_seconds=0.05)(scope, receive, send))
    return behind, sent[0]["status"], json.loads(sent[1]["body"])


def test_who_shows_a_good_token_is_known_behind_the_gate() -> None:
    for shown in ({"headers": {"Authorization": "Bearer good"}}, {"query": "api_token=good"}):
        behind, status, _ = _asked(**shown)  # type: ignore[arg-type]
        assert status == 200
        assert behind.scopes[0]["ocrchat.account"] is ADA


def test_who_shows_none_is_anonymous() -> None:
    behind, status, _ = _asked()
    assert status == 200
    assert behind.scopes[0]["ocrchat.account"] is None


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("api_token=bad", {}),
        ("api_token=", {}),
        ("", {"Authorization": "Bearer bad"}),
        ("", {"Authorization": "Token good"}),
        ("api_token=good&api_token=bad", {}),
        ("api_token=good", {"Authorization": "Bearer bad"}),
        ("", [("Authorization", "Bearer good"), ("Authorization", "Bearer bad")]),
    ],
)
def test_any_wrong_token_is_refused_before_the_body_is_used(query: str, headers: Any) -> None:
    behind, status, answer = _asked(query=query, headers=headers)
    assert (status, behind.scopes) == (401, [])
    assert "not valid" in answer["error"]


def test_the_token_is_taken_out_of_the_query() -> None:
    behind, _, _ = _asked(query="format=md&api_token=good&detail=words")
    assert behind.scopes[0]["query_string"] == b"format=md&detail=words"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/api/v1/ocr", "/api/v1/ocr/"),
        ("/api/v1/ocr/", "/api/v1/ocr/"),
        ("/api/v1/openapi.json",) * 2,
        ("/healthz",) * 2,
    ],
)
def test_a_route_is_found_without_its_slash(path: str, found: str) -> None:
    behind, _, _ = _asked(path=path)
    assert behind.scopes[0]["path"] == found


def test_a_body_that_states_too_much_is_refused_unread() -> None:
    behind, status, answer = _asked(headers={"Content-Length": str(MOST + FORM_BYTES + 1)})
    assert (status, behind.scopes) == (400, [])
    assert "1,000 bytes" in answer["error"]


def test_a_body_that_grows_too_long_is_cut_off() -> None:
    chunk = b"x" * (FORM_BYTES // 2)
    behind, status, answer = _asked(chunks=(chunk,) * 10)
    assert status == 400
    assert behind.received <= MOST + FORM_BYTES
    assert "1,000 bytes" in answer["error"]


def test_a_body_that_stops_coming_is_given_up() -> None:
    _, status, answer = _asked(chunks=(b"x",), stalls=True)
    assert status == 400
    assert "paused" in answer["error"]


def test_a_database_that_is_away_is_no_500() -> None:
    _, status, answer = _asked(query="api_token=unlucky")
    assert status == 503
    assert "try again" in answer["error"]
