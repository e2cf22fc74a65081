"""A bucket that fails one call in five: clean errors, nothing lost, nothing charged, recovery alone."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from tests.conftest import Wait
from tests.drawing import scripted_png, scripted_tiff
from tests.kill.conftest import Cloud, answers, free_port, opened_cloud


@dataclass
class FaultProxy:
    """Stands before an S3 server and spoils calls, each way in turn, by a seed.

    `spoilt` is the share of calls; they are refused with 500 or 503, cut before they reach the server,
    after it has done them, or in the middle of the answer.
    """

    target: str
    spoilt: float = 0.2
    ways: tuple[str, ...] = ("500", "503", "cut before", "cut after", "cut within")
    done: Counter[str] = field(default_factory=Counter)
    rng: random.Random = field(default_factory=lambda: random.Random(5))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fate(self) -> str:
        """What becomes of the next call."""
        with self.lock:
            fate = self.rng.choice(self.ways) if self.rng.random() < self.spoilt else "well"
            self.done[fate] += 1
            return fate


def _handler(proxy: FaultProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fate = proxy.fate()
            if fate in ("500", "503"):
                self.send_response(int(fate))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif fate == "cut before":
                self.close_connection = True
            else:
                self._forward(body, fate)

        def _forward(self, body: bytes, fate: str) -> None:
            server = HTTPConnection(urlsplit(proxy.target).netloc, timeout=30)
            sent = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            server.request(self.command, self.path, body, sent)
            answer = server.getresponse()
            data = answer.read()
            server.close()
            if fate == "cut after":
                self.close_connection = True
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "content-length"):
                    self.send_header(name, value)
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            if fate == "cut within" and self.command == "GET":
                self.wfile.write(data[: len(data) // 2])
                self.close_connection = True
            else:
                self.wfile.write(b"" if self.command == "HEAD" else data)

        do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _any  # noqa: N815 - the library's names

        def log_message(self, *told: object) -> None:
            """Nothing."""

    return Handler


@pytest.fixture
def proxy(bucket: str) -> Iterator[tuple[FaultProxy, str]]:
    """A proxy before the bucket that spoils nothing yet, and its address."""
    proxy = FaultProxy(bucket, spoilt=0.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield proxy, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _rows(cloud: Cloud, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(cloud.env["DATABASE_URL"]) as connection:
        return connection.execute(query.encode()).fetchall()


def _keys(bucket: str) -> set[str]:
    listed = requests.get(f"{bucket}/blobs?list-type=2&max-keys=1000", timeout=30).text
    return {part.partition("</Key>")[0] for part in listed.split("<Key>")[1:]}


def test_a_bucket_that_fails_one_call_in_five_loses_nothing(
    tmp_path: Path, bucket: str, proxy: tuple[FaultProxy, str], until: Wait
) -> None:
    faults, address = proxy
    with opened_cloud(tmp_path, address) as cloud:
        cloud.env |= {"OCRCHAT_SETTLE_SECONDS": "2", "OCRCHAT_RECONCILE_SECONDS": "2"}
        port = free_port()
        cloud.start("web", port)
        cloud.start("worker")
        until(lambda: answers(port))
        faults.spoilt = 0.2
        accepted: dict[str, list[str]] = {}
        refused = 0
        for number in range(24):
            texts = [f"{number} {page}" for page in range(1 + 6 * (number % 3))]
            data = scripted_tiff(texts) if len(texts) > 1 else scripted_png(texts[0])
            answer = cloud.call("POST", port, "/ocr/", files={"file": ("a", data)})
            if answer.status_code in (200, 202):
                accepted[answer.json()["uuid"]] = texts
            else:
                refused += 1
                assert answer.status_code == 503
                assert answer.headers["Retry-After"]
                assert set(answer.json()) == {"error"}

        def finished(uuid: str) -> bool:
            with suppress(ValueError):
                answer = cloud.call("GET", port, f"/ocr/{uuid}/")
                return answer.status_code == 200 and answer.json()["status"] in ("done", "failed")
            return False

        for uuid in accepted:
            until(lambda uuid=uuid: finished(uuid))
        assert sum(faults.done.values()) - faults.done["well"] > 30
        assert len(faults.done) == 6, "every way to fail was met"
        faults.spoilt = 0.0
        for uuid, texts in accepted.items():
            job = cloud.call("GET", port, f"/ocr/{uuid}/").json()
            assert [page["text"] for page in job["pages"]] == texts
            assert (job["status"], job["credits"]) == ("done", len(texts))
        assert len(accepted) >= 20
        charged = _rows(
            cloud,
            "SELECT count(*), count(DISTINCT (job, page)) FROM billing_transfer WHERE reason = 'settle'",
        )
        pages = sum(map(len, accepted.values()))
        assert charged == [(pages, pages)]
        assert _rows(cloud, "SELECT count(*) FROM jobs_job")[0][0] == len(accepted)
        assert _rows(cloud, "SELECT count(*) FROM billing_hold WHERE closed_at IS NULL")[0][0] == 0

        def known() -> set[str]:
            rows = _rows(
                cloud,
                "SELECT 'all/jobs/' || replace(job_id::text, '-', '') || '/pages/' || index || '-' "
                "|| attempt || '.json.gz' FROM jobs_page UNION ALL "
                "SELECT 'all/jobs/' || replace(id::text, '-', '') || '/upload' FROM jobs_job",
            )
            return {row[0] for row in rows}

        def orphans() -> set[str]:
            return {key for key in _keys(bucket) - known() if "/exports/" not in key}

        until(lambda: not orphans())
        assert known() <= _keys(bucket)


def test_a_bucket_that_is_gone_is_waited_for(
    tmp_path: Path, proxy: tuple[FaultProxy, str], until: Wait
) -> None:
    faults, address = proxy
    with opened_cloud(tmp_path, address) as cloud:
        port = free_port()
        cloud.start("web", port)
        cloud.start("worker")
        until(lambda: answers(port))
        texts = [f"page {number}" for number in range(30)]
        slow = scripted_tiff([f"!wait 0.1\n{text}" for text in texts])
        uuid = cloud.call("POST", port, "/ocr/", files={"file": ("a.tif", slow)}).json()["uuid"]
        until(lambda: _rows(cloud, "SELECT count(*) FROM jobs_page WHERE status = 'read'")[0][0] > 3)
        faults.spoilt, faults.ways = 1.0, ("503", "cut before")
        refused = cloud.call("POST", port, "/ocr/", files={"file": ("a.png", scripted_png("x"))})
        assert refused.status_code == 503
        assert set(refused.json()) == {"error"}
        assert _rows(cloud, "SELECT count(*) FROM jobs_job")[0][0] == 1
        assert _rows(cloud, "SELECT count(*) FROM jobs_page WHERE status = 'failed'")[0][0] == 0
        faults.spoilt = 0.0
        until(lambda: cloud.call("GET", port, f"/ocr/{uuid}/").json().get("status") == "done")
        job = cloud.call("GET", port, f"/ocr/{uuid}/").json()
        assert [page["text"] for page in job["pages"]] == texts
        assert job["credits"] == len(texts)
