"""A document's pages as they are read."""

from __future__ import annotations

import json
from typing import Any

import requests

from tests.conftest import Server
from tests.drawing import scripted_png, scripted_tiff


def _events(server: Server, uuid: str) -> list[tuple[str, dict[str, Any]]]:
    """All events until the server ends the stream."""
    address = f"{server.address}/api/v1/ocr/{uuid}/events/"
    with requests.get(address, headers=server.bearer, stream=True, timeout=60) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream"
        text = answer.content.decode()
    events = []
    for event in text.strip().split("\n\n"):
        if not event.startswith(":"):
            name, data = event.split("\n")
            events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def test_each_page_is_told_once_and_the_end_comes_last(scripted_server: Server) -> None:
    texts = [f"page {number}" for number in range(8)]
    slow = scripted_tiff([f"!wait 0.3\n{text}" for text in texts])
    uuid = scripted_server.post("long.tif", slow).json()["uuid"]
    events = _events(scripted_server, uuid)
    pages = [data for name, data in events if name == "page"]
    assert sorted(page["text"] for page in pages) == texts
    assert {"index", "blocks", "width"} <= pages[0].keys()
    jobs = [data for name, data in events if name == "job"]
    assert len(jobs) > 2, "the progress was told"
    assert events[-1][0] == "job"
    assert (jobs[-1]["status"], jobs[-1]["pages_done"]) == ("done", 8)


def test_a_finished_job_is_told_at_once(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("a")).json()["uuid"]
    assert [name for name, _ in _events(scripted_server, uuid)] == ["page", "job"]


def test_nobody_follows_what_is_somebody_elses(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("a")).json()["uuid"]
    assert scripted_server.get(f"/ocr/{uuid}/events/", anonymous=True).status_code == 404
