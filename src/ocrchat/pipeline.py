"""Read a document, page by page: the whole story."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib.metadata import version
from os import cpu_count
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from ocrchat.engines import EnginePool
from ocrchat.errors import DamagedSource, PageUnreadable, UnknownOption
from ocrchat.language_codes import resolve
from ocrchat.model import Document, EngineStamp, Note, Page, Source
from ocrchat.model.codec import page_from_bytes
from ocrchat.model.flow import notes_of_flow
from ocrchat.model.running import with_running
from ocrchat.options import Options
from ocrchat.own_text import PageReader, PicturesSeen, Setter, page_by_its_text, wholly_own
from ocrchat.sources import Intake, Limits, OpenSource
from ocrchat.sources.sniff import SourceKind
from ocrchat.typesetting import Typesetters, set_page

Result = TypeVar("Result")

Progress = Callable[[int, int], None]
"""Told (pages finished, pages in all) after each page."""

_MANY = 24
"""Pages from which typesetters are worth their start, a second of processor time each."""


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
        """The document in `file`: first the pages that their own text tells, then those somebody looks at."""
        with self._intake.open(file, options.password) as source:
            wanted = wanted_pages(pages, source.page_count)
            read: dict[int, Page] = {}
            for page in self._each_page(source, wanted, options):
                read[page.index] = page
                if progress:
                    progress(len(read), len(wanted))
            whole = with_running(tuple(read[index] for index in wanted))
            if all(page.error for page in whole):
                raise DamagedSource(whole[0].error or "no page could be read")
            notes = tier_notes(options.tier) + source.notes + tuple(notes_of(whole)) + notes_of_flow(whole)
            return Document(whole, self._stamp_of(whole), notes)

    def _stamp_of(self, pages: tuple[Page, ...]) -> EngineStamp:
        """What read them: an engine where one was started, else nobody but this program."""
        if self._engines.is_started or any(page.source is not Source.TEXT_LAYER for page in pages):
            return self._engines.card.stamp
        return EngineStamp(Source.TEXT_LAYER.value, version("ocrchat"))

    def _each_page(self, source: OpenSource, wanted: tuple[int, ...], options: Options) -> Iterator[Page]:
        """The wanted pages as they are done."""
        others: list[int] = []
        if source.kind is SourceKind.PDF and len(wanted) > 1:
            for index, page in self._own_pages(source, wanted, options):
                if page is None:
                    others.append(index)
                else:
                    yield page
        else:
            others.extend(wanted)
        seen = PicturesSeen()

        def looked_at(index: int) -> Page:
            return page_read(source, index, self._engines.read, options, seen)

        # One in the decoder, one in the engine.
        yield from _in_turn(looked_at, others, 2)

    def _own_pages(
        self, source: OpenSource, wanted: Sequence[int], options: Options
    ) -> Iterator[tuple[int, Page | None]]:
        """Each page that its own text tells, and None for the others."""
        setters = Typesetters(cpu_count() or 1) if len(wanted) >= _MANY else None
        set_one = setters.set_page if setters else set_page

        def own(index: int) -> tuple[int, Page | None]:
            stored = wholly_own(source, index, options, set_one)
            return index, page_from_bytes(stored.data) if stored else None

        try:
            yield from _in_turn(own, wanted, setters.size + 1 if setters else 1)
        finally:
            if setters:
                setters.close()

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


def page_read(
    source: OpenSource,
    index: int,
    read: PageReader,
    options: Options,
    seen: PicturesSeen | None = None,
    set_one: Setter = set_page,
) -> Page:
    """One page of a source; a page that cannot be decoded comes back with its `error`.

    A PDF page whose own text is sound is not drawn, but for its pictures; where it is not, a note says why.
    `seen` is what pictures of the document said on other pages, `set_one` what sets its own text.
    """
    try:
        page, notes = page_by_its_text(source, index, read, options, seen or PicturesSeen(), set_one)
        if page is None:
            image = source.page(index)
            page = read(image, options)
            notes += image.notes
    except PageUnreadable as error:
        return Page(index=index, width=0, height=0, error=str(error))
    return replace(page, index=index, notes=page.notes + notes)


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


def _in_turn(act: Callable[[int], Result], places: Sequence[int], at_once: int) -> Iterator[Result]:
    """What comes of each place, in order, so many under way at a time."""
    with ThreadPoolExecutor(at_once, thread_name_prefix="page") as threads:
        under_way: deque[Future[Result]] = deque()
        for place in places:
            under_way.append(threads.submit(act, place))
            if len(under_way) > at_once:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
