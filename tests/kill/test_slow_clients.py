"""Slow clients and clients that hang up cost nothing but their own work."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import psycopg
import pytest

from ocrchat_server.embedded.postgres import Cluster
from tests.conftest import Server, Wait
from tests.drawing import scripted_png, scripted_tiff

SLOW = 200


def _request(server: Server, file: bytes) -> bytes:
    """A POST as bytes."""
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + file + b"\r\n--x--\r\n"
    )
    head = (
        f"POST /api/v1/ocr/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.token}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _line(server: Server) -> socket.socket:
    parts = urlsplit(server.address)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60)


def _count(server: Server, query: str) -> int:
    with psycopg.connect(Cluster(server.data).url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _left(server: Server) -> int:
    return len(list((server.data / "blobs" / "incoming").iterdir()))


@pytest.fixture
def lines() -> Iterator[ExitStack]:
    """Connections that are closed in the end."""
    with ExitStack() as stack:
        yield stack


def test_uploads_that_do_not_end_keep_nobody_else_waiting(
    scripted_server: Server, lines: ExitStack, until: Wait
) -> None:
    request = _request(scripted_server, scripted_png("never"))
    before = _count(scripted_server, "SELECT count(*) FROM jobs_job")
    slow = [lines.enter_context(_line(scripted_server)) for _ in range(SLOW)]
    for number, line in enumerate(slow):
        line.sendall(request[: len(request) * (number % 10) // 10 + 60])
    for number in range(10):
        answer = scripted_server.post("a.png", scripted_png(f"job {number}"))
        assert (answer.status_code, answer.json()["text"]) == (200, f"job {number}")
        for line in slow:
            line.sendall(b"x")  # less than their Content-Length says
    assert scripted_server.get("/usage/").status_code == 200
    lines.close()
    until(lambda: _left(scripted_server) == 0)
    assert _count(scripted_server, "SELECT count(*) FROM jobs_job") == before + 10
    assert _count(scripted_server, "SELECT count(*) FROM billing_hold WHERE closed_at IS NULL") == 0


def test_clients_that_do_not_read_their_answers_keep_nobody_else_waiting(
    scripted_server: Server, lines: ExitStack
) -> None:
    long = "word " * 12_000
    uuid = scripted_server.post("a.png", scripted_png(long)).json()["uuid"]
    asking = (
        f"GET /api/v1/ocr/{uuid}/?detail=words HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {scripted_server.token}\r\n\r\n"
    ).encode()
    for _ in range(50):
        line = lines.enter_context(_line(scripted_server))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.sendall(asking)
    for number in range(5):
        assert scripted_server.post("a.png", scripted_png(f"{number}")).json()["text"] == f"{number}"


def test_waiting_clients_hold_no_connection_to_the_database(
    scripted_server: Server, lines: ExitStack, until: Wait
) -> None:
    request = _request(scripted_server, scripted_png("!wait 0.2\nslow"))
    before = _count(scripted_server, "SELECT count(*) FROM jobs_job")
    for _ in range(40):
        lines.enter_context(_line(scripted_server)).sendall(request)
    until(lambda: _count(scripted_server, "SELECT count(*) FROM jobs_job") == before + 40)
    waiting = _count(scripted_server, "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL")
    held = _count(
        scripted_server,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'",
    )
    assert waiting > 10
    assert held <= 10
    assert scripted_server.get("/usage/").status_code == 200
    until(lambda: not _count(scripted_server, "SELECT count(*) FROM jobs_job WHERE finished_at IS NULL"))


def test_who_hangs_up_while_waiting_has_the_job_done_and_paid(
    scripted_server: Server, lines: ExitStack, until: Wait
) -> None:
    query = "SELECT count(*) FROM jobs_job WHERE status = 'done' AND credits = 3 AND page_count = 3"
    before = _count(scripted_server, query)
    request = _request(scripted_server, scripted_tiff([f"!wait 0.3\n{page}" for page in range(3)]))
    gone = _count(scripted_server, "SELECT count(*) FROM jobs_job")
    for _ in range(5):
        line = _line(scripted_server)
        line.sendall(request)
        lines.callback(line.close)
    until(lambda: _count(scripted_server, "SELECT count(*) FROM jobs_job") == gone + 5)
    lines.close()
    until(lambda: _count(scripted_server, query) == before + 5)
    assert _count(scripted_server, "SELECT count(*) FROM billing_hold WHERE closed_at IS NULL") == 0
    until(lambda: _left(scripted_server) == 0)
