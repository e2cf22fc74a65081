"""How fast pages are taken from a PDF's own text: a drawn file of 400 pages, by command and over HTTP.

    python -m benchmarks.text_layers [--pages 400] [--ways parts,command,server] [FILE]

Prints seconds by the clock, processor seconds of everything that worked for it, and pages a second a core
(pages over processor seconds): of `pdftotext` for scale where it is installed (words, no structure), of a
decode child and a typesetter alone, of `ocrchat read --format md`, and of a server of its own in a temporary
folder, which has read a page already: one POST, then the job asked for twice a second, with how
`pages_done` rose.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path

import pikepdf

from benchmarks.overhead import form_of, server_of
from ocrchat.options import Options
from ocrchat.own_text import wholly_own
from ocrchat.sources import Intake
from ocrchat.typesetting import Sheet, set_page

_TEXT = """
a able about account after all also an and any as at be because been before being between both but by can
certain change come could day different do each early even every example few first for form from general
give given good great group had has have head high house how however important in increase interest into is
it its just keep kind know large last later law least less life like line long made main make many may mean
measure might month more most much must name nature need never new next no not now number of off often on
one only or order other our out over own page part people place point possible present problem public
question rather reason report result right same school second see seem several shall should show since small
so some state still such system take than that the their them then there these they thing this those though
three through time to together toward two under until up upon use used very was water way we well were what
when where which while who whole why will with within without word work world would year yet you young
"""
_ROWS, _COLUMNS, _LEADING = 44, 88, 15.5
_SETTLE_SECONDS = 5.0
"""For the typesetters and the engine to start, which is a server's start and no page's."""


def main() -> None:
    """Print a line for each way."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="?", help="a PDF of your own instead")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--ways", default="parts,command,server", help="which of them")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = wishes.file or drawn(folder / "text.pdf", wishes.pages)
        with pikepdf.open(file) as pdf:
            pages = len(pdf.pages)
        print(f"{'':34}{'seconds':>9}{'cpu s':>8}{'pages/s a core':>16}", flush=True)
        if shutil.which("pdftotext"):
            _timed("pdftotext", pages, lambda: _run("pdftotext", str(file), str(folder / "text.txt")))
        if "parts" in wishes.ways:
            _in_parts(file, pages)
        if "command" in wishes.ways:
            out = str(folder / "text.md")
            command = (sys.executable, "-m", "ocrchat", "read", "--format", "md", "-o", out, str(file))
            _timed("ocrchat read", pages, lambda: _run(*command))
        if "server" in wishes.ways:
            _over_http(file, pages, folder)


def drawn(file: Path, pages: int) -> Path:
    """A PDF of dense pages: a header, a heading, paragraphs of some 500 words in all, and a page number."""
    chance, words = random.Random(7), _TEXT.split()
    with pikepdf.new() as pdf:
        fonts = pikepdf.Dictionary(F=_font(pdf, "/Helvetica"), B=_font(pdf, "/Helvetica-Bold"))
        for index in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.obj.Resources = pikepdf.Dictionary(Font=fonts)
            page.obj.Contents = pdf.make_stream(_content(index, chance, words).encode("ascii"))
        pdf.save(file)
    return file


def _font(pdf: pikepdf.Pdf, name: str) -> pikepdf.Object:
    """A font that all pages share, as they do in what programs write."""
    return pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(name))
    )


def _content(index: int, chance: random.Random, words: Sequence[str]) -> str:
    shown = [("F", 8, 60, 810, "A report on most things"), ("F", 8, 290, 30, f"Page {index + 1}")]
    shown.append(("B", 16, 60, 775, f"{index + 1}. " + " ".join(chance.choices(words, k=4)).capitalize()))
    line, top = "", 750.0
    for row in range(_ROWS):
        ends = row % 11 == 10
        line = chance.choice(words).capitalize()
        while len(line) < (_COLUMNS // 2 if ends else _COLUMNS - 6):
            line += " " + chance.choice(words)
        shown.append(("F", 10, 60, top, line + ("." if ends else "")))
        top -= _LEADING * (1.6 if ends else 1)
    return "\n".join(
        f"BT /{font} {size} Tf {x} {y:.1f} Td ({text}) Tj ET" for font, size, x, y, text in shown
    )


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _timed(name: str, pages: int, act: Callable[[], object]) -> None:
    """Time what other processes do, all their children included."""
    before, start = _children_seconds(), time.perf_counter()
    act()
    _print(name, pages, time.perf_counter() - start, _children_seconds() - before)


def _in_parts(file: Path, pages: int) -> None:
    """The decode child and the typesetter, one after the other in one thread."""
    spent = {"typesetter": 0.0, "both": 0.0}

    def timed_set(sheet: Sheet) -> object:
        start = time.thread_time()
        done = set_page(sheet)
        spent["typesetter"] += time.thread_time() - start
        return done

    with Intake() as intake, intake.open(file) as source:
        before, start = tree_seconds(os.getpid()), time.perf_counter()
        for index in range(pages):
            wholly_own(source, index, Options(), timed_set)  # type: ignore[arg-type]  # a Set it is
        seconds, processor = time.perf_counter() - start, tree_seconds(os.getpid()) - before
    _print("child and typesetter, one thread", pages, seconds, processor)
    _print("  of that the typesetter", pages, spent["typesetter"], spent["typesetter"])


def _over_http(file: Path, pages: int, folder: Path) -> None:
    port, token, server = server_of("cpu", folder)
    try:
        for _ in range(2):  # answered when the worker and its processes are there
            connection = HTTPConnection("127.0.0.1", port)
            connection.request("POST", "/api/v1/ocr/", *form_of(drawn(folder / "first.pdf", 1), token))
            connection.getresponse().read()
        time.sleep(_SETTLE_SECONDS)
        before = tree_seconds(server.pid)
        body, headers = form_of(file, token)
        connection = HTTPConnection("127.0.0.1", port)
        start = time.perf_counter()
        connection.request("POST", "/api/v1/ocr/", body, headers)
        job = json.loads(connection.getresponse().read())
        accepted, rises = time.perf_counter() - start, []
        while job["status"] not in ("done", "failed"):
            time.sleep(0.5)
            connection.request(
                "GET", f"/api/v1/ocr/{job['uuid']}/", headers={"Authorization": f"Bearer {token}"}
            )
            job = json.loads(connection.getresponse().read())
            rises.append((time.perf_counter() - start, job["pages_done"]))
            if len(rises) > 120 and rises[-120][1] == job["pages_done"]:
                raise SystemExit(f"stuck at page {job['pages_done']}")
        _print("server over HTTP", pages, rises[-1][0], tree_seconds(server.pid) - before)
        print(f"  {job['status']}; accepted after {accepted:.2f} s; pages_done by then: ", end="")
        print(", ".join(f"{done} ({seconds:.1f} s)" for seconds, done in rises))
    finally:
        server.terminate()
        server.wait()


def _print(name: str, pages: int, seconds: float, processor: float) -> None:
    print(f"{name:34}{seconds:9.2f}{processor:8.2f}{pages / max(processor, 0.001):16.0f}", flush=True)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tree_seconds(root: int) -> float:
    """Processor seconds of a process and all below it, those that have ended included (Linux)."""
    spent: dict[int, tuple[int, float]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(") ")[2].split()
            except OSError:
                continue
            spent[int(each.name)] = int(fields[1]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    below, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _) in spent.items() if parent in below} - below
        below |= more
        grown = bool(more)
    return sum(spent[pid][1] for pid in below if pid in spent)


if __name__ == "__main__":
    main()
