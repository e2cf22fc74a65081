"""Time the cpu engine beside tesseract on the same pages: dense A4, all cores, both orders.

    python benchmarks/engine_speed.py                  draws eight pages with this machine's fonts
    python benchmarks/engine_speed.py --pages FOLDER   takes a folder's images (one language)

Ours runs as it does at work, one process a core with one thread each; tesseract at its best: one process
a core, OMP_THREAD_LIMIT=1. Each round reads all pages with ours, tesseract, tesseract, ours; the ratio is
taken in each round, so that a machine that is busy with other things slows both.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocrchat.engines.base import Engine
from ocrchat.engines.cpu import build
from ocrchat.inference.host import cores, precision
from ocrchat.languages import BY_CODE
from ocrchat.model import PageImage
from ocrchat.options import Options

A4 = (1654, 2339)
"""Pixels at 200 dpi."""
FONTS = ("DejaVuSerif.ttf", "DejaVuSans.ttf", "NotoSerif-Regular.ttf", "NotoSans-Regular.ttf")
TEXT = (
    "the of and to in that is was for on with as it by from at which or an be this have not are but had "
    "court number people country report system between right public national important different general "
    "company interest following government education market political development international research "
    "available business information services community provided management performance"
)

_engine: Engine | None = None


def drawn(folder: Path, count: int) -> list[Path]:
    """Full pages of English words in 11 point, each in another of the fonts that are installed."""
    fonts = [file for name in FONTS for file in Path("/usr/share/fonts").rglob(name)]
    if not fonts:
        raise SystemExit("no fonts: apt-get install fonts-dejavu-core")
    pages = []
    for number in range(count):
        face = ImageFont.truetype(str(fonts[number % len(fonts)]), 30)
        image, chance = Image.new("L", A4, 252), random.Random(number)
        draw, y = ImageDraw.Draw(image), 170
        while y < A4[1] - 200:
            line = ""
            while face.getlength(line) < A4[0] - 420:
                line += chance.choice(TEXT.split()) + chance.choice(("", "", "", "", ",", ".")) + " "
            draw.text((170, y), line, 25, face)
            y += 44
        pages.append(folder / f"page{number}.png")
        image.save(pages[-1])
    return pages


def read_by_ours(code: str, models: Path | None, page: Path) -> int:
    """How many characters our engine finds on a page; the engine is built once a process."""
    global _engine
    if _engine is None:
        _engine = build(threads=1, models=models)
    with Image.open(page) as image:
        pixels = np.asarray(image.convert("L" if image.mode in {"1", "L"} else "RGB"))
    return len(_engine.read([PageImage(pixels)], Options(languages=(code,) if code else ()))[0].text)


def read_by_tesseract(model: str, page: Path) -> int:
    """How many characters tesseract finds on a page."""
    command = ["tesseract", str(page), "-", "-l", model]
    return len(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def seconds(
    read: Callable[[Path], int], pages: Sequence[Path], workers: ProcessPoolExecutor | ThreadPoolExecutor
) -> float:
    """How long all pages take, read side by side."""
    started = time.perf_counter()
    list(workers.map(read, pages))
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, help="a folder of images")
    parser.add_argument("--count", type=int, default=8, help="pages to draw or take (default: 8)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--language", default="en", help="a code, or an empty text to let the engine find out"
    )
    parser.add_argument("--models", type=Path, help="a folder of models to add; see docs/engines.md")
    args = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    version = subprocess.run(["tesseract", "--version"], capture_output=True, check=True, text=True).stdout
    print(f"{version.splitlines()[0]}; {cores()} cores; ours in {precision()}")
    model = BY_CODE[args.language or "en"].tesseract
    processes = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(cores(), processes) as engines,
        ThreadPoolExecutor(cores()) as programs,
    ):
        pages = (
            sorted(args.pages.glob("*.png"))[: args.count] if args.pages else drawn(Path(folder), args.count)
        )
        ours, theirs = partial(read_by_ours, args.language, args.models), partial(read_by_tesseract, model)
        seconds(ours, [*pages, *pages[: cores()]], engines)
        ratios = []
        for number in range(args.rounds):
            first, second = seconds(ours, pages, engines), seconds(theirs, pages, programs)
            third, fourth = seconds(theirs, pages, programs), seconds(ours, pages, engines)
            our, their = (first + fourth) / 2, (second + third) / 2
            ratios.append(their / our)
            mine, other = len(pages) / our, len(pages) / their
            print(
                f"round {number + 1}: ours {mine:.2f} pages/s, tesseract {other:.2f}, times {ratios[-1]:.2f}"
            )
        print(f"{len(pages)} pages; median ratio {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
