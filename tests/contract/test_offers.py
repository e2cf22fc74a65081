"""What the server says that it offers."""

from __future__ import annotations

import requests

from ocrchat.exports import FORMATS
from tests.conftest import Server


def test_languages_are_listed_with_what_reads_them(server: Server) -> None:
    listed = {each["code"]: each for each in server.get("/languages/").json()["languages"]}
    assert len(listed) > 110
    assert listed["de"]["name"] == "German"
    assert listed["de"]["installed"]
    assert listed["ar"]["direction"] == "rtl"
    assert {"aliases", "endonym", "script", "engine", "remedy"} <= listed["ja"].keys()


def test_formats_and_limits_are_listed(server: Server) -> None:
    offered = server.get("/formats/").json()
    uploads = {each["format"] for each in offered["uploads"]}
    assert {"pdf", "png", "jpeg", "tiff", "webp", "gif", "bmp"} <= uploads
    assert [each["format"] for each in offered["downloads"]] == [each.name for each in FORMATS]
    limits = {each["name"]: each["limit"] for each in offered["limits"]}
    assert limits["bytes"] == 100_000_000
    assert limits["pages"] == 2000


def test_the_openapi_schema_names_the_routes_and_the_form(server: Server) -> None:
    schema = requests.get(f"{server.address}/api/v1/openapi.json", timeout=10).json()
    assert {"/api/v1/ocr/", "/api/v1/ocr/{uuid}/", "/api/v1/ocr/{uuid}/download/"} <= schema["paths"].keys()
    form = schema["paths"]["/api/v1/ocr/"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]


def test_the_server_says_that_it_is_well(server: Server) -> None:
    for path in ("/healthz", "/readyz"):
        assert requests.get(server.address + path, timeout=10).status_code == 200
