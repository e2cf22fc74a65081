"""OCR.chat's published answers, key for key."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests

from tests.conftest import Server, Wait
from tests.drawing import scripted_png, scripted_tiff

PUBLISHED = {
    "uuid",
    "status",
    "tier",
    "language",
    "page_count",
    "mean_confidence",
    "text",
    "markdown",
    "pages",
}


@pytest.fixture(scope="module")
def job(scripted_server: Server) -> dict[str, Any]:
    """The job of a one-page invoice."""
    answer = scripted_server.post(
        "invoice.png", scripted_png("INVOICE\nAcme Corp\nTotal: 215.00 USD"), tier="cpu"
    )
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_a_short_file_comes_back_finished(job: dict[str, Any]) -> None:
    assert job["status"] == "done"
    assert job.keys() >= PUBLISHED
    assert job["text"] == "INVOICE\nAcme Corp\nTotal: 215.00 USD"
    assert job["tier"] == "cpu"
    assert job["page_count"] == 1
    assert 0 <= job["mean_confidence"] <= 1


def test_a_uuid_is_32_lower_case_hex_digits(job: dict[str, Any]) -> None:
    assert re.fullmatch("[0-9a-f]{32}", job["uuid"])


def test_the_language_echoes_what_was_asked(job: dict[str, Any]) -> None:
    assert job["language"] == "auto"


def test_pages_count_from_0_and_have_blocks_with_boxes(job: dict[str, Any]) -> None:
    (page,) = job["pages"]
    assert page.keys() >= {"index", "text", "blocks"}
    assert page["index"] == 0
    block = page["blocks"][0]
    assert block.keys() >= {"text", "bbox", "confidence"}
    x0, y0, x1, y1 = block["bbox"]
    assert 0 <= x0 < x1 <= page["width"]
    assert 0 <= y0 < y1 <= page["height"]


def test_words_come_only_when_asked_for(scripted_server: Server, job: dict[str, Any]) -> None:
    assert "lines" not in job["pages"][0]["blocks"][0]
    detailed = scripted_server.get(f"/ocr/{job['uuid']}/?detail=words").json()
    line = detailed["pages"][0]["blocks"][0]["lines"][0]
    assert [word["text"] for word in line["words"]] == ["INVOICE"]


def test_a_job_is_got_by_its_uuid(scripted_server: Server, job: dict[str, Any]) -> None:
    assert scripted_server.get(f"/ocr/{job['uuid']}/").json() == job


def test_a_longer_file_is_answered_at_once_and_polled(scripted_server: Server, until: Wait) -> None:
    answer = scripted_server.post("minutes.tif", scripted_tiff([f"page {number}" for number in range(1, 8)]))
    assert answer.status_code == 202
    assert answer.json()["status"] in {"pending", "processing"}
    address = f"/ocr/{answer.json()['uuid']}/"
    until(lambda: scripted_server.get(address).json()["status"] == "done")
    job = scripted_server.get(address).json()
    assert [page["text"] for page in job["pages"]] == [f"page {number}" for number in range(1, 8)]
    assert job["pages_done"] == job["page_count"] == job["credits"] == 7


_OFFICE = "application/vnd.openxmlformats-officedocument"


@pytest.mark.parametrize(
    ("form", "media"),
    [
        ("txt", "text/plain"),
        ("md", "text/markdown"),
        ("html", "text/html"),
        ("docx", f"{_OFFICE}.wordprocessingml.document"),
        ("csv", "text/csv"),
        ("xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
        ("json", "application/json"),
        ("hocr", "text/html"),
        ("alto", "application/xml"),
    ],
)
def test_a_document_is_downloaded_as_an_attachment(
    scripted_server: Server, job: dict[str, Any], form: str, media: str
) -> None:
    answer = scripted_server.get(f"/ocr/{job['uuid']}/download/?format={form}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(media)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    ending = {"alto": "xml"}.get(form, form)
    assert f'filename="invoice.{ending}"' in answer.headers["Content-Disposition"]
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 0
    if not media.startswith(_OFFICE):
        assert "Acme" in answer.text


def test_a_download_that_has_not_changed_is_not_sent_again(
    scripted_server: Server, job: dict[str, Any]
) -> None:
    address = f"/ocr/{job['uuid']}/download/?format=docx"
    first = scripted_server.get(address)
    again = scripted_server.get(address, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert scripted_server.get(address).content == first.content


def test_a_download_without_a_format_is_text(scripted_server: Server, job: dict[str, Any]) -> None:
    assert scripted_server.get(f"/ocr/{job['uuid']}/download/").text == job["text"] + "\n"


def test_routes_are_found_without_their_slash_and_without_a_redirect(
    scripted_server: Server, job: dict[str, Any]
) -> None:
    answer = requests.get(
        f"{scripted_server.address}/api/v1/ocr/{job['uuid']}",
        headers=scripted_server.bearer,
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 200
    posted = requests.post(
        f"{scripted_server.address}/api/v1/ocr",
        headers=scripted_server.bearer,
        files={"file": ("a.png", scripted_png("a"))},
        allow_redirects=False,
        timeout=30,
    )
    assert posted.status_code == 200


def test_the_token_may_stand_in_the_query(scripted_server: Server, job: dict[str, Any]) -> None:
    address = f"{scripted_server.address}/api/v1/ocr/{job['uuid']}/?api_token={scripted_server.token}"
    assert requests.get(address, timeout=10).json() == job


def test_an_anonymous_job_is_read_by_whoever_holds_its_uuid(scripted_server: Server) -> None:
    answer = scripted_server.post("note.png", scripted_png("note"), anonymous=True)
    assert answer.status_code == 200
    assert scripted_server.get(f"/ocr/{answer.json()['uuid']}/", anonymous=True).status_code == 200


def test_the_vlm_tier_is_read_by_the_cpu_engine_with_a_warning(scripted_server: Server) -> None:
    job = scripted_server.post("letter.png", scripted_png("Dear"), tier="vlm").json()
    assert job["tier"] == "vlm"
    assert [warning["code"] for warning in job["warnings"]] == ["vlm-not-configured"]
    assert job["credits"] == 1


def test_some_pages_of_a_long_document_are_got(scripted_server: Server, until: Wait) -> None:
    uuid = scripted_server.post("minutes.tif", scripted_tiff([f"page {n}" for n in range(1, 8)])).json()[
        "uuid"
    ]
    until(lambda: scripted_server.get(f"/ocr/{uuid}/").json()["status"] == "done")
    for detail in ("", "&detail=words"):
        job = scripted_server.get(f"/ocr/{uuid}/?pages=2-3,7{detail}").json()
        assert [page["index"] for page in job["pages"]] == [1, 2, 6]
        assert (job["text"], job["page_count"]) == ("page 2\n\npage 3\n\npage 7", 7)
    assert scripted_server.get(f"/ocr/{uuid}/?pages=8").status_code == 400
