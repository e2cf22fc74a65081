"""The roles apart: two web processes and two workers on one PostgreSQL and one bucket."""

from __future__ import annotations

import signal
from typing import Any

from tests.conftest import Wait
from tests.drawing import scripted_png, scripted_tiff
from tests.kill.conftest import Cloud, answers, free_port


def test_every_process_gives_the_same_answer_whoever_comes_and_goes(cloud: Cloud, until: Wait) -> None:
    ports = [free_port(), free_port()]
    for port in ports:
        cloud.start("web", port)
    first, second = cloud.start("worker"), cloud.start("worker")
    until(lambda: all(map(answers, ports)))

    short = cloud.call("POST", ports[0], "/ocr/", files={"file": ("a.png", scripted_png("hello"))})
    assert (short.status_code, short.json()["text"]) == (200, "hello")
    assert cloud.call("GET", ports[1], f"/ocr/{short.json()['uuid']}/").json() == short.json()

    texts = [f"page {number}" for number in range(60)]
    slow = scripted_tiff([f"!wait 0.05\n{text}" for text in texts])
    uuid = cloud.call("POST", ports[1], "/ocr/", files={"file": ("a.tif", slow)}).json()["uuid"]

    def job(port: int) -> dict[str, Any]:
        answer: dict[str, Any] = cloud.call("GET", port, f"/ocr/{uuid}/").json()
        return answer

    until(lambda: job(ports[0])["pages_done"] > 3)
    first.kill()
    cloud.start("worker")
    until(lambda: job(ports[0])["pages_done"] > 10)
    second.send_signal(signal.SIGTERM)
    assert second.wait(30) == 0
    until(lambda: job(ports[0])["status"] == "done")
    assert [page["text"] for page in job(ports[0])["pages"]] == texts
    assert job(ports[0]) == job(ports[1])
    assert job(ports[0])["credits"] == 60
    assert cloud.call("DELETE", ports[1], f"/ocr/{uuid}/").json()["removed"]["files"] >= 61
    assert cloud.call("GET", ports[0], f"/ocr/{uuid}/").status_code == 404
