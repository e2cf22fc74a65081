"""A PDF of text pages and scripted ones, a job that wants it read, and a desk to read it at."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event

import pikepdf
import pytest
from PIL import Image

from ocrchat.engines import EnginePool
from ocrchat.engines.scripted import scripted_page
from ocrchat.sources import Intake
from ocrchat.typesetting import Typesetters
from ocrchat_server.jobs.dispatch import Work
from ocrchat_server.jobs.models import Job, upload_key
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.worker.reading import Desk
from ocrchat_server.worker.sources import KeptSources
from tests.server.jobs.conftest import database, store, submit  # noqa: F401 - fixtures

Submitted = Callable[[str], Job]


@dataclass
class Remembered:
    """A queue that keeps what it is told."""

    works: list[Work] = field(default_factory=list)

    def enqueue(self, works: list[Work]) -> None:
        self.works += works


@pytest.fixture(scope="module")
def engines() -> Iterator[EnginePool]:
    """One scripted engine."""
    pool = EnginePool("scripted")
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def setters() -> Iterator[Typesetters]:
    """One typesetter."""
    with Typesetters(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    """A door for files."""
    with Intake() as opened:
        yield opened


@pytest.fixture
def sources(store: BlobStore, intake: Intake) -> Iterator[KeptSources]:  # noqa: F811
    """Nothing open yet."""
    kept = KeptSources(store, intake)
    yield kept
    kept.close_idle(0)


@pytest.fixture
def queue() -> Remembered:
    """Nothing enqueued yet."""
    return Remembered()


@pytest.fixture
def desk(
    queue: Remembered,
    engines: EnginePool,
    setters: Typesetters,
    intake: Intake,
    store: BlobStore,  # noqa: F811
    sources: KeptSources,
) -> Desk:
    """What a worker reads with."""
    return Desk(
        engines=engines,
        engine=engines.card.stamp,
        intake=intake,
        setters=setters,
        sources=sources,
        store=store,
        dispatcher=queue,
        stopping=Event(),
        page_attempts=3,
        inline_pages=5,
    )


@pytest.fixture
def submitted(submit: Callable[..., Job], store: BlobStore) -> Submitted:  # noqa: F811
    """A job of a PDF with a page for each letter: `t` of text, `s` scripted."""

    def given(kinds: str) -> Job:
        job = submit(len(kinds))
        store.put(upload_key(job.id), _pdf(kinds))
        return job

    return given


def _pdf(kinds: str) -> bytes:
    with pikepdf.new() as pdf, io.BytesIO() as out:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Helvetica")
        )
        for index, kind in enumerate(kinds):
            page = pdf.add_blank_page(page_size=(432, 324))
            if kind == "t":
                page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
                content = f"BT /F 12 Tf 20 100 Td (these are the words of page {index + 1}) Tj ET"
            else:
                page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=_scripted(pdf, index)))
                content = "q 432 0 0 324 0 0 cm /P Do Q"
            page.obj.Contents = pdf.make_stream(content.encode())
        pdf.save(out)
        return out.getvalue()


def _scripted(pdf: pikepdf.Pdf, index: int) -> pikepdf.Stream:
    """A picture that is drawn at its own size, pixel for pixel: 1,200 by 900 at 200 dpi."""
    picture = Image.fromarray(scripted_page(f"script of page {index + 1}", 1200, 900)).convert("L")
    stream = pikepdf.Stream(pdf, picture.tobytes())
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = picture.size
    stream.BitsPerComponent, stream.ColorSpace = 8, pikepdf.Name.DeviceGray
    return stream
