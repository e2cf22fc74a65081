"""How long each export of a long document takes, and how much memory: a thousand dense pages, one at a time.

    python -m benchmarks.exports [--pages 1000] [--words 400] [FORMAT ...]

Each format is written by a process of its own that makes its pages as they are asked for, as the server's
come one by one out of the store. A PDF is printed on as many scanned pages (one-bit, CCITT G4) by a locked
child; the largest resident memory of any child, looked at 50 times a second, stands beside the writer's peak.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from PIL import Image, ImageDraw

from ocrchat.exports import FORMATS, About, Reading, format_named
from ocrchat.model import Block, Box, Line, Page, Word
from ocrchat.sources import Intake

WIDTH, HEIGHT = 1654, 2339


@dataclass(frozen=True, slots=True)
class Pages:
    """Dense pages, made anew each time they are gone through."""

    count: int
    words: int

    def __iter__(self) -> Iterator[Page]:
        return (_page(index, self.words) for index in range(self.count))


def main() -> None:
    """Print a line for each format."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("formats", nargs="*", default=[each.name for each in FORMATS], metavar="FORMAT")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--words", type=int, default=400, help="of each page")
    parser.add_argument("--alone", action="store_true", help="write one format in this process")
    wishes = parser.parse_args()
    if wishes.alone:
        _write(wishes.formats[0], wishes.pages, wishes.words)
        return
    print(f"{'':6}{'seconds':>9}{'cpu s':>8}{'MB peak':>9}{'MB child':>9}{'MB file':>9}", flush=True)
    for name in wishes.formats:
        sizes = ["--pages", str(wishes.pages), "--words", str(wishes.words)]
        subprocess.run([sys.executable, "-m", "benchmarks.exports", name, "--alone", *sizes], check=True)


def _write(name: str, pages: int, words: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "scan.tif")
        if name == "pdf":
            _scan(source, pages)
        file = Path(folder, "export")
        reading = Reading(Pages(pages, words), pages, "benchmark", lambda: About("en"))
        started, used = time.perf_counter(), _processor()
        with _largest_child() as child, file.open("wb") as out:
            if name == "pdf":
                with Intake() as intake, intake.open(source) as opened:
                    format_named(name).write(replace(reading, printing=opened.printed), out)
            else:
                format_named(name).write(reading, out)
        seconds, cpu = time.perf_counter() - started, _processor() - used
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        size = file.stat().st_size / 1e6
        print(f"{name:6}{seconds:9.1f}{cpu:8.1f}{own:9}{child() >> 20:9}{size:9.1f}", flush=True)


@contextmanager
def _largest_child() -> Iterator[Callable[[], int]]:
    """The largest resident memory, in bytes, that any process below this one has had since the beginning."""
    peak, over = 0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not over.wait(0.02):
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    peak = max(peak, process.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield lambda: peak
    finally:
        over.set()
        looking.join()


def _processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _scan(file: Path, pages: int) -> None:
    sheets = []
    for number in range(8):
        sheet = Image.new("1", (WIDTH, HEIGHT), 1)
        draw = ImageDraw.Draw(sheet)
        for row in range(45):
            draw.text((100, 80 + 48 * row), f"sheet {number}, row {row}: " + "words in a row " * 10, fill=0)
        sheets.append(sheet)
    first, *others = (sheets[number % 8] for number in range(pages))
    first.save(
        file,
        "TIFF",
        save_all=True,
        append_images=others,
        compression="group4",
        dpi=(200, 200),
        tiffinfo={278: HEIGHT},
    )


def _page(index: int, words: int) -> Page:
    lines, count = [], 0
    for row in range(45):
        y, x, found = 80 + 48 * row, 100, []
        while count < words * (row + 1) // 45:
            text = f"word{(index * words + count) % 9973}"
            end = x + 16 * len(text)
            found.append(Word(text, Box(x, y, end, y + 30), 0.97))
            x, count = end + 16, count + 1
        box = Box(100, y, max(x, 101), y + 30)
        lines.append(Line(" ".join(word.text for word in found), box, 0.97, tuple(found)))
    blocks = tuple(_block(lines[start : start + 9]) for start in range(0, 45, 9))
    text = "\n\n".join(block.text for block in blocks)
    return Page(index, WIDTH, HEIGHT, text, text, blocks, confidence=0.97, dpi=200.0, language="en")


def _block(lines: list[Line]) -> Block:
    box = Box.around(line.box for line in lines)
    return Block("\n".join(line.text for line in lines), box, 0.97, lines=tuple(lines))


if __name__ == "__main__":
    main()
