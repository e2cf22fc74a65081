"""An export is made once, however many ask for it, and by somebody else where its maker dies."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ClassVar

import pytest
from django.db import connection

from ocrchat.exports import FORMATS, Reading, format_named
from ocrchat.model.searchable import Imprint, PageLayer
from ocrchat.sources import Intake
from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.exporting import export_key, exported, reading_of_job
from ocrchat_server.jobs.making import claimed
from ocrchat_server.jobs.models import Job
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.storage.connections import connections_released
from tests.conftest import Wait
from tests.server.jobs.conftest import STAMP, page_of

Submit = Callable[..., Job]
KEY = "jobs/1/exports/1/pdf"
TWICE = ("md", "html", "docx", "json")  # those that look at all pages before they write the first one


class _Watched(BlobStore):
    """A store that remembers what was taken from it."""

    looked: ClassVar[list[str]] = []

    def get(self, key: str) -> bytes:
        self.looked.append(key)
        return super().get(key)


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    """A door for files, which are gone."""
    with Intake() as opened:
        yield opened


@pytest.fixture
def database(database: None) -> Iterator[None]:
    """The database without anybody's claims."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE jobs_making")


def test_one_of_many_has_the_claim_while_it_works(database: None) -> None:
    with claimed(KEY) as is_first, claimed(KEY) as is_second, claimed(KEY + "2") as is_other:
        assert (is_first, is_second, is_other) == (True, False, True)
    with claimed(KEY) as is_free:
        assert is_free


def test_of_many_who_claim_at_once_one_does(database: None) -> None:
    together, leaving = threading.Barrier(8), threading.Barrier(8)

    @connections_released
    def claim(_: int) -> bool:
        together.wait()
        with claimed(KEY) as is_ours:
            leaving.wait()
            return is_ours

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(claim, range(8))) == [False] * 7 + [True]


def test_a_claim_holds_for_as_long_as_its_maker_lives(database: None, until: Wait) -> None:
    with claimed(KEY, seconds=0.3) as is_ours:
        assert is_ours
        first = _deadline()
        until(lambda: _deadline() > first)


@pytest.mark.parametrize(("left", "is_free"), [(1000, False), (-1, True)])
def test_a_maker_who_dies_blocks_nobody_beyond_its_deadline(database: None, left: int, is_free: bool) -> None:
    with connection.cursor() as cursor:  # what a process leaves that was killed
        cursor.execute(
            "INSERT INTO jobs_making VALUES (%s, gen_random_uuid(), now() + %s * interval '1 s')", [KEY, left]
        )
    with claimed(KEY) as is_ours:
        assert is_ours == is_free


def test_whoever_comes_while_an_export_is_made_is_told_to_ask_again(
    submit: Submit, store: BlobStore, intake: Intake
) -> None:
    job = _read(submit(2), store)
    text = format_named("txt")

    @contextmanager
    def making() -> Iterator[Reading]:
        with exported(job, text, store, making) as second:
            assert second is None
        with reading_of_job(job, store, intake) as reading:
            yield reading

    with exported(job, text, store, making) as first:
        assert first is not None
        made = first.read_bytes()
    with exported(job, text, store, making) as again:
        assert again is not None
        assert again.read_bytes() == made == store.get(export_key(job.id, "txt")) == b"text\n\ftext\n"


def test_an_export_that_fails_is_made_by_the_next_who_asks(
    submit: Submit, store: BlobStore, intake: Intake
) -> None:
    job = _read(submit(1), store)
    making = partial(reading_of_job, job, store, intake)

    def failing(reading: Reading, file: object) -> None:
        raise OSError("the disk is full")

    broken = replace(format_named("txt"), write=failing)
    with pytest.raises(OSError, match="full"), exported(job, broken, store, making):
        pass
    with exported(job, format_named("txt"), store, making) as file:
        assert file is not None


@pytest.mark.parametrize(("name", "times"), [(each.name, 1 + (each.name in TWICE)) for each in FORMATS])
def test_an_export_takes_each_page_from_the_store_no_oftener_than_it_must(
    name: str, times: int, submit: Submit, store: BlobStore, intake: Intake
) -> None:
    watched = _Watched(store.root)
    watched.looked.clear()
    with reading_of_job(_read(submit(3), store), watched, intake) as reading, io.BytesIO() as file:
        format_named(name).write(replace(reading, printing=_print), file)
        assert reading.about().language == "de"
    assert len(watched.looked) == times * 3


def _print(layers: Iterable[PageLayer], imprint: Callable[[], Imprint]) -> Iterator[bytes]:
    yield b"".join(layer.content for layer in layers) + str(imprint().language).encode()


def _read(job: Job, store: BlobStore) -> Job:
    """The job, its pages read and its upload deleted."""
    for index in range(job.page_count):
        attempt = claim_page(job.id, index)
        assert attempt
        commit_page(job.id, replace(page_of(index), language="de"), attempt, STAMP, store)
    store.delete(job.upload_key)
    job.refresh_from_db()
    return job


def _deadline() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT until FROM jobs_making WHERE key = %s", [KEY])
        found: datetime = cursor.fetchone()[0]
        return found
