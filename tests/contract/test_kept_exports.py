"""Exports outlive the upload that they were made of."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdfium2

from tests.conftest import Server, Wait
from tests.drawing import scripted_png


def test_a_searchable_pdf_is_there_when_the_upload_is_deleted(
    start_server: Callable[..., Server], tmp_path: Path, until: Wait
) -> None:
    server = start_server(
        tmp_path / "data",
        OCRCHAT_ENGINE="scripted",
        OCRCHAT_KEEP_UPLOAD_SECONDS="3",
        OCRCHAT_SETTLE_SECONDS="0",
        OCRCHAT_HEARTBEAT_SECONDS="1",
    )
    picture = scripted_png("Total due")
    job = server.post("bill.png", picture).json()
    folder = tmp_path / "data" / "blobs" / "jobs" / job["uuid"]
    until(lambda: not (folder / "upload").exists())
    answer = server.get(f"/ocr/{job['uuid']}/download/?format=pdf")
    assert answer.status_code == 200, answer.text
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
    assert "Total due" in pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()


def test_whoever_asks_at_once_gets_the_same_file(scripted_server: Server) -> None:
    job = scripted_server.post("bill.png", scripted_png("Total due")).json()
    address = f"/ocr/{job['uuid']}/download/?format=html"
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: scripted_server.get(address), range(12)))
    assert {answer.status_code for answer in answers} == {200}
    assert (
        len({answer.content for answer in answers})
        == len({answer.headers["ETag"] for answer in answers})
        == 1
    )
