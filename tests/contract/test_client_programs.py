"""The three client programs that OCR.chat publishes, in our words, with only the base address changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Server
from tests.drawing import printed, printed_pages

LINES = ["INVOICE", "Acme Corporation", "Total: 215.00 USD"]

PYTHON = """
import os, sys, time, requests
base, headers = os.environ["BASE"], {"Authorization": "Bearer " + os.environ["TOKEN"]}
with open(sys.argv[1], "rb") as file:
    answer = requests.post(base + "/api/v1/ocr/", headers=headers, files={"file": file}, data={"tier": "cpu"})
answer.raise_for_status()
job = answer.json()
while job["status"] not in ("done", "failed"):
    time.sleep(2)
    job = requests.get(base + "/api/v1/ocr/" + job["uuid"] + "/", headers=headers).json()
print(job["text"])
"""

NODE = """
const fs = require("fs");
const base = process.env.BASE, headers = {Authorization: `Bearer ${process.env.TOKEN}`};
(async () => {
  const form = new FormData();
  form.append("file", new Blob([fs.readFileSync(process.argv[2])]), "document.pdf");
  form.append("language", "auto");
  const answer = await fetch(`${base}/api/v1/ocr/`, {method: "POST", headers, body: form});
  if (!answer.ok) throw new Error(await answer.text());
  let job = await answer.json();
  while (!["done", "failed"].includes(job.status)) {
    await new Promise((wake) => setTimeout(wake, 2000));
    job = await (await fetch(`${base}/api/v1/ocr/${job.uuid}/`, {headers})).json();
  }
  console.log(job.text);
})();
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """An invoice of seven printed pages, so that it is polled for."""
    file = tmp_path / "invoice.pdf"
    file.write_bytes(printed_pages([LINES] * 7, "PDF"))
    return file


def _run(command: list[str], server: Server) -> str:
    env = {**os.environ, "BASE": server.address, "TOKEN": server.token}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_curl_program(server: Server, tmp_path: Path) -> None:
    image = tmp_path / "invoice.png"
    image.write_bytes(printed(LINES))
    header = f"Authorization: Bearer {server.token}"
    posted = _run(
        ["curl", "-sSf", "-X", "POST", f"{server.address}/api/v1/ocr/", "-H", header,
         "-F", f"file=@{image}", "-F", "language=auto"],
        server,
    )  # fmt: skip
    job = json.loads(posted)
    assert job["status"] == "done"
    saved = tmp_path / "invoice.md"
    _run(
        ["curl", "-sSfL", "-o", str(saved), "-H", header,
         f"{server.address}/api/v1/ocr/{job['uuid']}/download/?format=md"],
        server,
    )  # fmt: skip
    assert "215.00 USD" in saved.read_text()


def test_the_python_program(server: Server, document: Path) -> None:
    assert _run([sys.executable, "-c", PYTHON, str(document)], server).count("215.00 USD") == 7


def test_the_node_program(server: Server, document: Path, tmp_path: Path) -> None:
    program = tmp_path / "client.js"
    program.write_text(NODE)
    assert _run(["node", str(program), str(document)], server).count("215.00 USD") == 7
