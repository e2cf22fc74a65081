"""Read print on the CPU: find the lines, read each, put them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import cv2

from ocrchat.engines.base import EngineCard
from ocrchat.engines.cpu.availability import availability
from ocrchat.engines.cpu.detector import DETECTOR, Detector
from ocrchat.engines.cpu.line_reader import LineReader, LineReading, PagePixels
from ocrchat.engines.cpu.page import ReadLine, page_of
from ocrchat.engines.cpu.pp_reader import RECOGNIZER
from ocrchat.engines.cpu.readers import Readers
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.imaging.quads import Quad, is_standing, laid
from ocrchat.inference.host import cores
from ocrchat.languages import BY_CODE
from ocrchat.layout.reading_order import Flow
from ocrchat.model import Page, PageImage
from ocrchat.options import Options


class CpuEngine:
    """PP-OCRv6 finds the lines; what reads them depends on their script."""

    def __init__(self, threads: int | None = None, models: Path | None = None) -> None:
        cv2.setNumThreads(1)
        self._threads = threads or cores()
        self._detector = Detector(self._threads)
        self._readers = Readers(self._threads, installed_models(models))
        self._pool = ThreadPoolExecutor(self._threads, "lines") if self._threads > 1 else None
        readable = frozenset(code for code, found in availability(models).items() if found.installed)
        self.card = EngineCard("cpu", version("ocrchat"), readable, (DETECTOR.name, RECOGNIZER.name))

    def read(self, images: Sequence[PageImage], options: Options) -> tuple[Page, ...]:
        """One page an image; see `Engine.read`."""
        return tuple(self._page(image, index, options) for index, image in enumerate(images))

    def close(self) -> None:
        """End the threads and give back the models."""
        if self._pool is not None:
            self._pool.shutdown()
        self._readers.close()

    def _page(self, image: PageImage, index: int, options: Options) -> Page:
        language = options.languages[0] if options.languages else None
        reader = self._readers.of_language(language) if language else self._readers.pp(latin=False)
        pixels = PagePixels.of(image.pixels)
        quads = [laid(quad) if is_standing(quad) else quad for quad in self._detector.lines(image.pixels)]
        found = list(self._read_lines(reader, pixels, quads))
        script = BY_CODE[language].script if language else None
        direction = BY_CODE[language].direction if language else "ltr"
        flow = Flow.RIGHT_TO_LEFT if direction == "rtl" else Flow.LEFT_TO_RIGHT
        return page_of(image, index, found, flow, language, script)

    def _read_lines(
        self, reader: LineReader, pixels: PagePixels, quads: Sequence[Quad]
    ) -> Iterator[ReadLine]:
        def read(quad: Quad) -> LineReading:
            return reader.read(pixels, quad)

        for quad, reading in zip(quads, self._each(read, quads), strict=True):
            yield ReadLine(quad, reading)

    def _each(self, read: Callable[[Quad], LineReading], quads: Iterable[Quad]) -> Iterable[LineReading]:
        return map(read, quads) if self._pool is None else self._pool.map(read, quads)
