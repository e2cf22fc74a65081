"""Cancelling, deleting and listing documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import Server, Wait
from tests.drawing import scripted_png, scripted_tiff

LONG = ["!wait 0.2\npage"] * 40


def _call(server: Server, method: str, path: str, *, anonymous: bool = False) -> requests.Response:
    headers = {} if anonymous else server.bearer
    return requests.request(method, f"{server.address}/api/v1{path}", headers=headers, timeout=30)


def _begun(server: Server, until: Wait) -> str:
    """A long job of which something is read."""
    uuid: str = server.post("long.tif", scripted_tiff(LONG)).json()["uuid"]
    until(lambda: server.get(f"/ocr/{uuid}/").json()["pages_done"] > 1)
    return uuid


def test_a_cancelled_job_keeps_what_was_read(scripted_server: Server, until: Wait) -> None:
    uuid = _begun(scripted_server, until)
    answer = _call(scripted_server, "POST", f"/ocr/{uuid}/cancel/")
    assert answer.status_code == 200
    job: dict[str, Any] = answer.json()
    assert job["status"] == "done"
    assert 1 < job["pages_done"] < 40
    assert job["credits"] == job["pages_done"] == len(job["pages"])
    assert "cancelled" in [warning["code"] for warning in job["warnings"]]
    assert job["finished_at"]
    assert job["expires_at"] > job["finished_at"]
    assert _call(scripted_server, "POST", f"/ocr/{uuid}/cancel/").json() == job
    assert scripted_server.get(f"/ocr/{uuid}/").json() == job
    assert scripted_server.get(f"/ocr/{uuid}/download/").status_code == 200


def test_a_deleted_job_is_gone_and_its_files_too(
    start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    server = start_server(tmp_path / "data", OCRCHAT_ENGINE="scripted")
    uuid = _begun(server, until)
    assert any((server.data / "blobs" / "jobs").rglob("*.json.gz"))
    answer = _call(server, "DELETE", f"/ocr/{uuid}/")
    assert answer.status_code == 200
    tombstone = answer.json()
    assert (tombstone["uuid"], tombstone["status"]) == (uuid, "deleted")
    assert tombstone["removed"]["pages"] == 40
    assert tombstone["removed"]["files"] > 2
    for method, path in (("GET", ""), ("GET", "download/"), ("POST", "cancel/"), ("DELETE", "")):
        assert _call(server, method, f"/ocr/{uuid}/{path}").status_code == 404
    # Who was reading a page when it was deleted may still store it; the next job shows that he is done.
    assert server.post("next.png", scripted_png("next")).status_code == 200


def test_nobody_ends_a_job_of_somebody_else(scripted_server: Server) -> None:
    uuid = scripted_server.post("mine.png", scripted_png("mine")).json()["uuid"]
    for method, path in (("POST", "cancel/"), ("DELETE", "")):
        assert _call(scripted_server, method, f"/ocr/{uuid}/{path}", anonymous=True).status_code == 404
    assert scripted_server.get(f"/ocr/{uuid}/").status_code == 200


def test_jobs_are_listed_newest_first_and_page_by_page(scripted_server: Server) -> None:
    posted = [
        scripted_server.post(f"{number}.png", scripted_png(f"{number}")).json()["uuid"] for number in range(5)
    ]
    seen, cursor = [], ""
    while len(seen) < 5:
        listed = scripted_server.get(f"/ocr/?limit=2&cursor={cursor}").json()
        assert len(listed["jobs"]) == 2
        seen += [job["uuid"] for job in listed["jobs"]]
        cursor = listed["next"]
        if len(seen) == 2:
            scripted_server.post("meanwhile.png", scripted_png("meanwhile"))
    assert seen[:5] == posted[::-1]
    newest = scripted_server.get("/ocr/?limit=1").json()["jobs"][0]
    assert (newest["file_name"], newest["status"], newest["pages_done"]) == ("meanwhile.png", "done", 1)
    assert not {"text", "pages", "markdown"} & newest.keys()


def test_the_list_ends(scripted_server: Server) -> None:
    uuids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        listed = scripted_server.get(f"/ocr/?limit=100&cursor={cursor}").json()
        uuids += [job["uuid"] for job in listed["jobs"]]
        cursor = listed["next"]
    assert len(uuids) == len(set(uuids))


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=-1", "cursor=x", "cursor=1-2"])
def test_a_wrong_place_in_the_list_is_400(scripted_server: Server, query: str) -> None:
    answer = scripted_server.get(f"/ocr/?{query}")
    assert answer.status_code == 400
    assert "accepted" in answer.json()["error"]


def test_a_list_needs_an_account(scripted_server: Server) -> None:
    assert scripted_server.get("/ocr/", anonymous=True).status_code == 401
