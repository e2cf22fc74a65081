"""Read a document, page by page: the whole story."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from os import cpu_count
from pathlib import Path
from types import TracebackType

import numpy as np

from ocrchat.engines import EnginePool
from ocrchat.errors import DamagedSource, PageUnreadable, UnknownOption
from ocrchat.languages import resolve
from ocrchat.layout.arrangement import Piece, moved_piece
from ocrchat.layout.soundness import doubt_of
from ocrchat.model import Box, Document, Note, Page, PageImage, TextLayer
from ocrchat.options import Options
from ocrchat.sources import Intake, Limits, OpenSource
from ocrchat.text_pages import page_of_layer

Progress = Callable[[int, int], None]
"""Told (pages finished, pages in all) after each page."""

_LEAST_IN_PICTURES = 0.5
"""A line of a picture that is read with less confidence is a pattern, or hardly of use."""

PagesRead = Callable[[PageImage, Options], Page]
"""How an engine, or a pool of them, reads one image."""


def recognize(
    file: str | Path,
    *,
    language: str = "auto",
    tier: str = "cpu",
    pages: str | None = None,
    password: str | None = None,
    text_layer: str = "auto",
    progress: Progress | None = None,
) -> Document:
    """Read one file and give back its document; for many files keep a `Reader` instead.

    `language` is a code or several (`en`, `zh`, `en+ar`), `pages` a selection counted from 1
    (`1-5,8`). `text_layer` says when a PDF page's own text is taken: `auto`, `always` or `never`.
    Raises SourceError for a file that cannot be read, RequestError for wishes that cannot be met,
    ServiceError when something of ours fails. A single page that cannot be read is no exception: it
    has an `error`, and the document a note.
    """
    with Reader() as reader:
        options = Options(tier=tier, languages=resolve(language), password=password, text_layer=text_layer)
        return reader.read(Path(file), options, pages=pages, progress=progress)


class Reader(AbstractContextManager["Reader"]):
    """Reads files with an engine and a decoder that are started once."""

    def __init__(
        self,
        engine: str = "cpu",
        threads: int | None = None,
        limits: Limits | None = None,
        models: Path | None = None,
    ) -> None:
        """`threads` None takes every core; `models` is a folder of further models (docs/engines.md)."""
        self._intake = Intake(limits or Limits())
        self._engines = EnginePool(engine, size=1, threads=threads or cpu_count() or 1, models=models)

    def read(
        self, file: Path, options: Options, *, pages: str | None = None, progress: Progress | None = None
    ) -> Document:
        """The document in `file`; its pages are decoded while the one before is read."""
        with self._intake.open(file, options.password) as source:
            wanted = wanted_pages(pages, source.page_count)
            read = []
            for page in _each_page(source, wanted, self._engines.read, options):
                read.append(page)
                if progress:
                    progress(len(read), len(wanted))
            if all(page.error for page in read):
                raise DamagedSource(read[0].error or "no page could be read")
            notes = tier_notes(options.tier) + source.notes + tuple(notes_of(tuple(read)))
            return Document(tuple(read), self._engines.card.stamp, notes)

    def source(self, file: Path, password: str | None = None) -> OpenSource:
        """The file itself, behind the lock, for exports that show its pages; close it."""
        return self._intake.open(file, password)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engines.close()
        self._intake.close()


def wanted_pages(selection: str | None, page_count: int) -> tuple[int, ...]:
    """The indices that a selection like `1-5,8` names, each once, in the document's order.

    Counted from 1 in the text, from 0 in the result. None or an empty text is every page. Raises
    UnknownOption for a text of another form and for pages that the document does not have.
    """
    if not selection:
        return tuple(range(page_count))
    wanted: set[int] = set()
    for part in selection.split(","):
        first, dash, last = part.strip().partition("-")
        if not (first.isascii() and first.isdigit()) or (dash and not (last.isascii() and last.isdigit())):
            raise UnknownOption("pages", selection, ["a page or a range of pages, like 1-5,8"])
        start, end = int(first), int(last or first)
        if not 1 <= start <= end <= page_count:
            raise UnknownOption("pages", selection, [f"pages from 1 to {page_count}"])
        wanted.update(range(start - 1, end))
    return tuple(sorted(wanted))


def page_read(source: OpenSource, index: int, read: PagesRead, options: Options) -> Page:
    """One page of a source; a page that cannot be decoded comes back with its `error`.

    A PDF page whose own text is sound is not drawn, but for its pictures; where it is not, a note says why.
    """
    try:
        page, notes = _from_its_text(source, index, read, options)
        if page is None:
            image = source.page(index)
            page = read(image, options)
            notes += image.notes
    except PageUnreadable as error:
        return Page(index=index, width=0, height=0, error=str(error))
    return replace(page, index=index, notes=page.notes + notes)


def _from_its_text(
    source: OpenSource, index: int, read: PagesRead, options: Options
) -> tuple[Page | None, tuple[Note, ...]]:
    """The page as its own text has it; None, and what is to be said, where its picture is to be read."""
    if options.text_layer == "never":
        return None, ()
    try:
        layer = source.text_layer(index)
    except PageUnreadable:
        return None, ()
    if layer is None or not len(layer):
        return None, ()
    doubt = doubt_of(layer) if options.text_layer == "auto" else None
    if doubt is not None:
        said = Note("text-layer-doubted", f"the page's own text was not used: {doubt}")
        return None, (said,) if doubt else ()

    def pieces_in(places: Sequence[Box]) -> Sequence[Piece]:
        image = source.page(index) if places else None
        return [] if image is None else _read_in(_without_words(image, layer), places, read, options)

    return page_of_layer(layer, index, options.languages, pieces_in), ()


def _read_in(image: PageImage, places: Sequence[Box], read: PagesRead, options: Options) -> list[Piece]:
    """The lines in some parts of a page's picture, at their places on the page."""
    pieces: list[Piece] = []
    for place in places:
        part = np.ascontiguousarray(image.pixels[place.y0 : place.y1, place.x0 : place.x1])
        for block in read(replace(image, pixels=part, notes=()), options).blocks:
            pieces.extend(
                moved_piece(line, place.x0, place.y0)
                for line in block.lines
                if line.confidence >= _LEAST_IN_PICTURES
            )
    return pieces


def _without_words(image: PageImage, layer: TextLayer) -> PageImage:
    """The page's picture with the words painted over that its own text tells already."""
    pixels = image.pixels.copy()
    for x0, y0, x1, y1 in layer.boxes.clip(0).astype(int):
        pixels[y0:y1, x0:x1] = 255
    return replace(image, pixels=pixels)


def tier_notes(tier: str) -> tuple[Note, ...]:
    """What is to be said where another engine reads than the one that was asked for."""
    if tier == "vlm":
        return (Note("vlm-not-configured", "no vlm engine is set up here; the cpu engine reads instead"),)
    return ()


def notes_of(pages: tuple[Page, ...]) -> Iterator[Note]:
    """Each page's notes with its number, and a `page_failed` for each page that has an error."""
    for page in pages:
        if page.error:
            yield Note("page_failed", page.error, page.index)
        for note in page.notes:
            yield replace(note, page=page.index)


def _each_page(
    source: OpenSource, wanted: tuple[int, ...], read: PagesRead, options: Options
) -> Iterator[Page]:
    """The wanted pages in order, two under way at a time: one in the decoder, one in the engine."""
    with ThreadPoolExecutor(2, thread_name_prefix="page") as threads:
        under_way: deque[Future[Page]] = deque()
        for index in wanted:
            under_way.append(threads.submit(page_read, source, index, read, options))
            if len(under_way) > 2:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
