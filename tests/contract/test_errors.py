"""The contract's table of errors, line by line."""

from __future__ import annotations

import pytest
import requests

from ocrchat_server.config.headers import HEADERS
from tests.conftest import Server, Wait
from tests.drawing import scripted_png, scripted_tiff


def _error(answer: requests.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert answer.headers["Content-Type"].startswith("application/json")
    message: str = answer.json()["error"]
    assert 0 < len(message) < 300
    return message


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("tier", "gpu", "cpu, vlm"),
        ("language", "klingon", "language"),
        ("tool", "no-such-tool", "tool"),
        ("translate_to", "de", "translate_to"),
        ("pages", "9", "pages from 1 to 1"),
        ("pages", "one", "1-5,8"),
    ],
)
def test_an_unknown_wish_is_400_and_names_what_is_accepted(
    scripted_server: Server, field: str, value: str, named: str
) -> None:
    message = _error(scripted_server.post("a.png", scripted_png("a"), **{field: value}), 400)
    assert named in message


def test_no_file_is_400(scripted_server: Server) -> None:
    address = f"{scripted_server.address}/api/v1/ocr/"
    without = requests.post(address, headers=scripted_server.bearer, data={"tier": "cpu"}, timeout=10)
    assert "`file`" in _error(without, 400)
    other_field = requests.post(address, headers=scripted_server.bearer, files={"document": b"x"}, timeout=10)
    assert "`file`" in _error(other_field, 400)
    no_form = requests.post(address, headers=scripted_server.bearer, json={"file": "x"}, timeout=10)
    assert "multipart/form-data" in _error(no_form, 400)


def test_an_empty_file_is_400(scripted_server: Server) -> None:
    assert "empty" in _error(scripted_server.post("a.png", b""), 400)


def test_another_type_is_400_and_names_the_accepted_ones(scripted_server: Server) -> None:
    message = _error(scripted_server.post("a.pdf", b"PK\x03\x04 an archive"), 400)
    assert "PDF" in message


def test_a_damaged_file_is_400(scripted_server: Server) -> None:
    assert _error(scripted_server.post("a.pdf", b"%PDF-1.7\nnothing more"), 400)


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", "Basic eDp5", "nonsense"])
def test_a_wrong_token_is_401_and_never_anonymous(scripted_server: Server, header: str) -> None:
    answer = requests.post(
        f"{scripted_server.address}/api/v1/ocr/",
        headers={"Authorization": header},
        files={"file": ("a.png", scripted_png("a"))},
        timeout=10,
    )
    _error(answer, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_with_one_letter_changed_is_401(scripted_server: Server) -> None:
    token = scripted_server.token
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    _error(requests.get(f"{scripted_server.address}/api/v1/formats/?api_token={changed}", timeout=10), 401)


def test_an_accounts_job_is_404_to_everybody_else(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("mine")).json()["uuid"]
    _error(scripted_server.get(f"/ocr/{uuid}/", anonymous=True), 404)
    _error(scripted_server.get(f"/ocr/{uuid}/download/", anonymous=True), 404)


@pytest.mark.parametrize(
    "uuid", ["0" * 32, "no-uuid", "9F2C1B7E4A" + "0" * 22, "9f2c1b7e-4a00-0000-0000-000000000000"]
)
def test_an_unknown_or_malformed_uuid_is_404(scripted_server: Server, uuid: str) -> None:
    _error(scripted_server.get(f"/ocr/{uuid}/"), 404)


def test_an_unknown_format_is_400_and_names_the_known_ones(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("a")).json()["uuid"]
    assert "txt, md, html, docx" in _error(scripted_server.get(f"/ocr/{uuid}/download/?format=exe"), 400)


def test_a_table_that_is_not_there_is_400(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("a")).json()["uuid"]
    for query in ("format=csv&table=1", "format=csv&table=x", "format=xlsx&table=1"):
        assert "table" in _error(scripted_server.get(f"/ocr/{uuid}/download/?{query}"), 400)


def test_a_download_before_the_end_is_409(scripted_server: Server, until: Wait) -> None:
    slow = scripted_tiff(["!wait 0.3"] + ["x"] * 6)
    uuid = scripted_server.post("slow.tif", slow).json()["uuid"]
    assert "0 of 7" in _error(scripted_server.get(f"/ocr/{uuid}/download/"), 409)
    until(lambda: scripted_server.get(f"/ocr/{uuid}/").json()["status"] == "done")


def test_another_method_is_405_in_json(scripted_server: Server) -> None:
    _error(requests.put(f"{scripted_server.address}/api/v1/ocr/", timeout=10), 405)


def test_an_address_that_is_not_there_is_404_in_json_for_programs(scripted_server: Server) -> None:
    _error(scripted_server.get("/nothing/here/"), 404)


def test_an_address_that_is_not_there_is_a_plain_page_for_people(scripted_server: Server) -> None:
    answer = requests.get(f"{scripted_server.address}/nothing", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "There is nothing at this address." in answer.text
    assert not any(word in answer.text for word in ("Traceback", "DEBUG", "Django", "urlpatterns"))


def test_an_upload_over_the_limit_is_refused_from_its_length(scripted_server: Server) -> None:
    answer = requests.post(
        f"{scripted_server.address}/api/v1/ocr/",
        headers=scripted_server.bearer | {"Content-Length": "200000000", "Expect": "100-continue"},
        timeout=10,
    )
    assert "100,000,000 bytes" in _error(answer, 400)
