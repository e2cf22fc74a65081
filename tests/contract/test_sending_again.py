"""A request with an Idempotency-Key may be sent as often as one likes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import requests

from tests.conftest import Server
from tests.drawing import scripted_png, scripted_tiff


def _post(server: Server, key: str, data: bytes, **fields: str) -> requests.Response:
    return requests.post(
        f"{server.address}/api/v1/ocr/",
        headers=server.bearer | {"Idempotency-Key": key},
        files={"file": ("a.png", data)},
        data=fields,
        timeout=60,
    )


def test_many_at_once_make_one_job(scripted_server: Server) -> None:
    key, data = uuid4().hex, scripted_png("!wait 0.3\nonce")
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: _post(scripted_server, key, data), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    (uuid,) = {answer.json()["uuid"] for answer in answers}
    assert {answer.json()["text"] for answer in answers} == {"once"}
    listed = scripted_server.get("/ocr/?limit=20").json()["jobs"]
    assert [job["uuid"] for job in listed].count(uuid) == 1
    assert [job["credits"] for job in listed if job["uuid"] == uuid] == [1]


def test_another_request_with_the_key_is_refused(scripted_server: Server) -> None:
    key = uuid4().hex
    assert _post(scripted_server, key, scripted_png("one")).status_code == 200
    for answer in (
        _post(scripted_server, key, scripted_png("two")),
        _post(scripted_server, key, scripted_png("one"), language="de"),
    ):
        assert answer.status_code == 400
        assert "Idempotency-Key" in answer.json()["error"]


def test_a_long_job_is_found_again(scripted_server: Server) -> None:
    key, data = uuid4().hex, scripted_tiff(["!wait 0.1\npage"] * 7)
    first, second = (_post(scripted_server, key, data) for _ in range(2))
    assert first.status_code == 202
    assert first.json()["uuid"] == second.json()["uuid"]


def test_a_key_of_a_deleted_job_makes_no_second_one(scripted_server: Server) -> None:
    key, data = uuid4().hex, scripted_png("secret")
    uuid = _post(scripted_server, key, data).json()["uuid"]
    requests.delete(
        f"{scripted_server.address}/api/v1/ocr/{uuid}/", headers=scripted_server.bearer, timeout=9
    )
    assert _post(scripted_server, key, data).status_code == 404
