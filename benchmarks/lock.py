"""What the lock costs: a document in a locked child, beside the same decoding in this process.

    python -m benchmarks.lock --rounds 200

Prints medians in milliseconds, of a page so small that decoding it takes no time and of an A4 page; of
documents that come now and then, for which a locked child waits, and of documents that come at once.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from ocrchat.sources import Intake

_PAUSE = 0.1
"""Seconds between documents that come now and then."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what the lock around decoders costs.")
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, Intake() as intake:
        print(f"lock: {intake.check()}")
        for name, size in (("tiny", (32, 32)), ("A4 at 200 dpi", (1654, 2339))):
            path = Path(folder) / "page.png"
            _page(size).save(path)
            plain = _median(rounds, 0, lambda path=path: _decoded(path))
            for how, pause in (("now and then", _PAUSE), ("back to back", 0)):
                opened = _median(rounds, pause, lambda path=path: _opened(intake, path))
                whole = _median(rounds, pause, lambda path=path: _read(intake, path))
                print(
                    f"{name}, {how}: opening {opened:.1f} ms, opening and page {whole:.1f} ms, "
                    f"decoding alone {plain:.1f} ms, so the lock costs {whole - plain:.1f} ms"
                )


def _page(size: tuple[int, int]) -> Image.Image:
    image = Image.new("L", size, "white")
    draw = ImageDraw.Draw(image)
    for row in range(0, size[1], 40):
        draw.text(
            (size[0] // 20, row), "The quick brown fox jumps over the lazy dog. " * (size[0] // 300), "black"
        )
    return image


def _opened(intake: Intake, path: Path) -> None:
    intake.open(path).close()


def _read(intake: Intake, path: Path) -> None:
    with intake.open(path) as source:
        source.page(0)


def _decoded(path: Path) -> None:
    with Image.open(path, formats=["PNG"]) as image:
        image.tobytes()


def _median(rounds: int, pause: float, act: Callable[[], None]) -> float:
    """Milliseconds, after ten rounds that do not count."""
    taken = []
    for _ in range(rounds + 10):
        time.sleep(pause)
        start = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken[10:])


if __name__ == "__main__":
    main()
