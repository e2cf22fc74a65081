"""Time the cpu engine beside its peers on the same pages: dense A4, all cores, one run, both orders.

    python benchmarks/peers.py                          draws eight pages with this machine's fonts
    python benchmarks/peers.py --pages FOLDER           takes a folder's images (one language)
    python benchmarks/peers.py --peers tesseract        only one of tesseract, ocrmypdf, rapidocr

Ours runs as it does at work, one process a core with one thread each; tesseract at its best: one process
a core with OMP_THREAD_LIMIT=1, which is started once for its share of the pages; ocrmypdf on a PDF of the
pages with `--jobs`; rapidocr as it is installed. The last two are installed into a virtual environment of
their own (`--environment`, kept for the next run). Each round reads all pages with ours, the peers, the peers
in the other order, and ours; ratios are taken in each round, so that a machine that is busy with other things
slows all. Processor seconds are those of every process that worked for a reading, and steadier than the clock
where others share the machine. Megabytes are what the largest process of a reader had resident at most.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import resource
import statistics
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocrchat.engines.base import Engine
from ocrchat.engines.cpu import build
from ocrchat.inference.host import cores, has_int8, precision
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

RAPIDOCR = """
import resource, sys, time
from rapidocr import RapidOCR
read = RapidOCR()
read(sys.argv[1])
clock, processor = time.perf_counter(), time.process_time()
for page in sys.argv[1:]:
    read(page)
clock, processor = time.perf_counter() - clock, time.process_time() - processor
print(clock, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

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


@dataclass(frozen=True, slots=True)
class Cost:
    """What some pages took: seconds by the clock and of processors, megabytes of the largest process."""

    clock: float
    processor: float
    megabytes: float

    def __add__(self, other: Cost) -> Cost:
        largest = max(self.megabytes, other.megabytes)
        return Cost(self.clock + other.clock, self.processor + other.processor, largest)


class Ours:
    """Our engine, one process a core, built before it is timed."""

    name = "ours"

    def __init__(self, code: str, models: Path | None) -> None:
        self._workers = ProcessPoolExecutor(cores(), multiprocessing.get_context("spawn"))
        self._read = partial(read_by_ours, code, models)

    def cost(self, pages: Sequence[Path]) -> Cost:
        started = time.perf_counter()
        processor, megabytes = zip(*self._workers.map(self._read, pages), strict=True)
        return Cost(time.perf_counter() - started, sum(processor), max(megabytes))

    def version(self) -> str:
        return f"ours {version('ocrchat')} in {'int8' if has_int8() else precision()}"


def read_by_ours(code: str, models: Path | None, page: Path) -> tuple[float, float]:
    """Read a page with the process's engine; its processor seconds, and the process's megabytes at most."""
    global _engine
    if _engine is None:
        _engine = build(threads=1, models=models)
    started = time.process_time()
    with Image.open(page) as image:
        pixels = np.asarray(image.convert("L" if image.mode in {"1", "L"} else "RGB"))
    _engine.read([PageImage(pixels)], Options(languages=(code,) if code else ()))
    return time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Tesseract:
    """Its command, one process a core without threads of its own, each with a list of its pages."""

    name = "tesseract"

    def __init__(self, model: str, folder: Path) -> None:
        self._model, self._folder = model, folder

    def cost(self, pages: Sequence[Path]) -> Cost:
        lists = [self._folder / f"core{number}.txt" for number in range(cores())]
        for number, share in enumerate(lists):
            share.write_text("".join(f"{page}\n" for page in pages[number :: cores()]))
        commands = [["tesseract", str(share), "-", "-l", self._model] for share in lists]
        return timed(commands, OMP_THREAD_LIMIT="1")

    def version(self) -> str:
        return first_line("tesseract", "--version")


class Ocrmypdf:
    """Its command on one PDF that holds the pages, as many jobs as there are cores."""

    name = "ocrmypdf"

    def __init__(self, environment: Path, model: str, folder: Path) -> None:
        self._program, self._model, self._folder = environment / "bin" / "ocrmypdf", model, folder

    def cost(self, pages: Sequence[Path]) -> Cost:
        together, out = self._folder / "pages.pdf", self._folder / "read.pdf"
        if not together.exists():
            images = [Image.open(page) for page in pages]
            images[0].save(together, save_all=True, append_images=images[1:], resolution=200)
        wishes = ["--jobs", str(cores()), "-l", self._model, "--output-type", "pdf", "--quiet"]
        return timed([[str(self._program), *wishes, str(together), str(out)]])

    def version(self) -> str:
        return f"ocrmypdf {first_line(str(self._program), '--version')}"


class Rapidocr:
    """The library with its defaults, loaded and warm before it is timed."""

    name = "rapidocr"

    def __init__(self, environment: Path) -> None:
        self._program = [environment / "bin" / "python", "-c", RAPIDOCR]

    def cost(self, pages: Sequence[Path]) -> Cost:
        done = subprocess.run([*self._program, *pages], capture_output=True, check=True, text=True)
        clock, processor, megabytes = map(float, done.stdout.split()[-3:])
        return Cost(clock, processor, megabytes)

    def version(self) -> str:
        names = "'rapidocr', v('rapidocr'), 'onnxruntime', v('onnxruntime')"
        code = f"from importlib.metadata import version as v; print({names})"
        return first_line(str(self._program[0]), "-c", code)


def timed(commands: Sequence[list[str]], **settings: str) -> Cost:
    """What programs cost that run side by side, with the processes that they start and wait for.

    `settings` are added to their environment. What they print is lost. Raises SystemExit where one fails.
    """
    started = time.perf_counter()
    nowhere = [(os.POSIX_SPAWN_OPEN, where, os.devnull, os.O_WRONLY, 0) for where in (1, 2)]
    environment = os.environ | settings
    running = [os.posix_spawnp(each[0], each, environment, file_actions=nowhere) for each in commands]
    ended = [os.wait4(process, 0) for process in running]
    clock = time.perf_counter() - started
    for command, (_, status, _) in zip(commands, ended, strict=True):
        if status:
            raise SystemExit(f"{command[0]} failed: {os.waitstatus_to_exitcode(status)}")
    used = [each for *_, each in ended]
    processor = sum(each.ru_utime + each.ru_stime for each in used)
    return Cost(clock, processor, max(each.ru_maxrss for each in used) / 1024)


def first_line(*command: str) -> str:
    """What a program says first."""
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return (done.stdout or done.stderr).splitlines()[0]


def installed(environment: Path, peers: Sequence[str]) -> Path:
    """The virtual environment with the peers that are Python packages; made where it is missing."""
    packages = {"ocrmypdf": ["ocrmypdf"], "rapidocr": ["rapidocr", "onnxruntime"]}
    wanted = [package for peer in peers for package in packages.get(peer, ())]
    if wanted:
        if not (environment / "bin" / "python").exists():
            venv.create(environment, with_pip=True)
        pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", *wanted]
        subprocess.run(pip, check=True)
    return environment


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, help="a folder of images")
    parser.add_argument("--count", type=int, default=8, help="pages to draw or take (default: 8)")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peers", default="tesseract,ocrmypdf,rapidocr")
    parser.add_argument("--environment", type=Path, default=Path("/tmp/ocrchat-peers"))  # noqa: S108
    parser.add_argument(
        "--language", default="en", help="a code, or an empty text to let the engine find out"
    )
    parser.add_argument("--models", type=Path, help="a folder of models to add; see docs/engines.md")
    args = parser.parse_args()
    names = args.peers.split(",")
    environment, model = installed(args.environment, names), BY_CODE[args.language or "en"].tesseract
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = sorted(args.pages.glob("*.png"))[: args.count] if args.pages else drawn(folder, args.count)
        made: dict[str, Callable[[], Tesseract | Ocrmypdf | Rapidocr]] = {
            "tesseract": lambda: Tesseract(model, folder),
            "ocrmypdf": lambda: Ocrmypdf(environment, model, folder),
            "rapidocr": lambda: Rapidocr(environment),
        }
        ours, peers = Ours(args.language, args.models), [made[each]() for each in names]
        print("; ".join(each.version() for each in (ours, *peers)), f"; {cores()} cores, {len(pages)} pages")
        ours.cost([*pages, *pages[: cores()]])
        compare(ours, peers, pages, args.rounds)


def compare(
    ours: Ours, peers: Sequence[Tesseract | Ocrmypdf | Rapidocr], pages: Sequence[Path], rounds: int
) -> None:
    """Print each round's pages a second, processor seconds a page, and how many times ours each takes."""
    ratios: dict[str, list[tuple[float, float]]] = {}
    for number in range(rounds):
        turn = [ours, *peers]
        found: dict[str, Cost] = {}
        for reader in (*turn, *reversed(turn)):
            found[reader.name] = found.get(reader.name, Cost(0.0, 0.0, 0.0)) + reader.cost(pages)
        mine = found[ours.name]
        for name, cost in found.items():
            times = cost.clock / mine.clock, cost.processor / mine.processor
            ratios.setdefault(name, []).append(times)
            speed, work = 2 * len(pages) / cost.clock, cost.processor / 2 / len(pages)
            print(
                f"round {number + 1}: {name:10} {speed:5.2f} pages/s, {work:5.2f} processor s a page, "
                f"{cost.megabytes:5.0f} MB; "
                f"times ours {times[0]:.2f} by the clock, {times[1]:.2f} by the processor"
            )
    for name, found_times in ratios.items():
        clock, processor = (statistics.median(column) for column in zip(*found_times, strict=True))
        print(f"median: {name:10} {clock:.2f} by the clock, {processor:.2f} by the processor")


if __name__ == "__main__":
    main()
