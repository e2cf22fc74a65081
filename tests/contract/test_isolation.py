"""Nobody sees, changes or deletes what is another's: every route of the schema is tried."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.conftest import Server
from tests.drawing import scripted_png

BODIES: dict[str, dict[str, Any]] = {
    "multipart/form-data": {"files": {"file": ("a.png", scripted_png("a"))}},
    "application/json": {"json": {"message": "What is the total?"}},
}


@pytest.fixture(scope="module")
def mine(scripted_server: Server) -> str:
    """The uuid of the first account's document, which says SECRET."""
    answer = scripted_server.post("mine.png", scripted_png("SECRET"))
    assert answer.status_code == 200
    uuid: str = answer.json()["uuid"]
    return uuid


@pytest.fixture(scope="module")
def stranger(scripted_server: Server) -> str:
    """The token of another account on the same server."""
    database = scripted_server.data.resolve()
    made = subprocess.run(
        [sys.executable, "-m", "ocrchat", "account", "create", "stranger@example.org"],
        env={"PATH": "/usr/bin:/bin", "OCRCHAT_DATA": str(database)},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def _operations(server: Server) -> Iterator[tuple[str, str, dict[str, Any]]]:
    schema = requests.get(f"{server.address}/api/v1/openapi.json", timeout=10).json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def _named(path: str, uuid: str) -> str:
    """The path with its names filled in; a name that this test does not know makes it fail."""
    filled = path.replace("{uuid}", uuid).replace("{conversation}", "0" * 32)
    assert "{" not in filled, f"{path}: say here how to fill its names, so that isolation is tested"
    return filled


def _body(operation: dict[str, Any]) -> dict[str, Any]:
    kinds = operation.get("requestBody", {}).get("content", {})
    assert set(kinds) <= set(BODIES), f"{sorted(kinds)}: say here what such a body looks like"
    return next((BODIES[kind] for kind in kinds), {})


def test_every_route_of_anothers_document_is_404(scripted_server: Server, mine: str, stranger: str) -> None:
    tried = []
    for method, path, operation in _operations(scripted_server):
        if "{" not in path:
            continue
        for headers in ({"Authorization": f"Bearer {stranger}"}, {}):
            answer = requests.request(
                method,
                scripted_server.address + _named(path, mine),
                headers=headers,
                timeout=30,
                **_body(operation),
            )
            allowed = {404} if headers else {404, 401}
            assert answer.status_code in allowed, f"{method} {path}: {answer.status_code} {answer.text[:200]}"
            assert "SECRET" not in answer.text
            assert mine not in answer.text.replace(f"there is no job '{mine}'", "")
        tried.append((method, path))
    assert {("GET", "/api/v1/ocr/{uuid}/"), ("DELETE", "/api/v1/ocr/{uuid}/")} <= set(tried)
    assert scripted_server.get(f"/ocr/{mine}/").json()["text"] == "SECRET"


def test_no_list_shows_what_is_anothers(scripted_server: Server, mine: str, stranger: str) -> None:
    for method, path, _ in _operations(scripted_server):
        if method == "GET" and "{" not in path:
            for headers in ({"Authorization": f"Bearer {stranger}"}, {}):
                answer = requests.get(scripted_server.address + path, headers=headers, timeout=30)
                assert answer.status_code in {200, 401}, f"{path}: {answer.status_code}"
                assert mine not in answer.text, path


def test_a_key_of_anothers_request_finds_nothing_of_it(
    scripted_server: Server, mine: str, stranger: str
) -> None:
    def post(token: str) -> requests.Response:
        return requests.post(
            f"{scripted_server.address}/api/v1/ocr/",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "the same key"},
            files={"file": ("mine.png", scripted_png("SECRET"))},
            timeout=30,
        )

    first, second = post(scripted_server.token), post(stranger)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["uuid"] != second.json()["uuid"]
