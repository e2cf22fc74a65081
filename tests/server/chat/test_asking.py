"""A job's document is indexed once, and only the pages that matter are read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from ocrchat.answers import Asked
from ocrchat_server.chat.asking import Asking, Version
from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import finished_pages_of
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, database, page_of, store, submit

__all__ = ["database", "store", "submit"]


class CountingStore(BlobStore):
    """A store that knows which blobs were read."""

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        _READ.extend(keys)
        return BlobStore.get_many(self, keys)


_READ: list[str] = []


@pytest.fixture
def counting(store: BlobStore) -> CountingStore:
    """The same store, counted."""
    return CountingStore(store.root)


def _read(job: Job, store: BlobStore, texts: Sequence[str]) -> None:
    for index, text in enumerate(texts):
        attempt = claim_page(job.id, index)
        assert attempt
        commit_page(job.id, replace(page_of(index), text=text, blocks=()), attempt, STAMP, store)


def _version(job: Job) -> Version:
    return job.id, finished_pages_of(job)


def test_a_long_document_is_read_once_and_then_only_its_best_pages(
    submit: Callable[..., Job], counting: CountingStore
) -> None:
    job = submit(20)
    _read(job, counting, [f"Nothing of note on sheet {n}." for n in range(19)] + ["Total: $42.00"])
    asking = Asking(counting)
    assert asking.of(_version(job), Asked("What is the total?")).content == "Total: $42.00 (p. 20)"
    before = len(_READ)
    assert asking.of(_version(job), Asked("What is the total?")).content == "Total: $42.00 (p. 20)"
    assert len(_READ) - before < 8


def test_what_indexes_take_is_bounded_and_the_one_asked_last_stays(
    submit: Callable[..., Job], counting: CountingStore
) -> None:
    jobs = [submit(2) for _ in range(3)]
    for number, job in enumerate(jobs):
        _read(job, counting, [f"Total: ${number}.00", "Tax: $9.00"])
    asking = Asking(counting, most=1)
    for number, job in enumerate(jobs):
        assert asking.of(_version(job), Asked("What is the total?")).content == f"Total: ${number}.00 (p. 1)"
        before = len(_READ)
        asking.of(_version(job), Asked("What is the tax?"))
        assert len(_READ) - before == 2  # the pages, and no index
    before = len(_READ)
    asking.of(_version(jobs[0]), Asked("What is the tax?"))
    assert len(_READ) - before == 4


def test_a_model_is_shown_the_whole_document_if_it_fits_and_else_the_best_pages(
    submit: Callable[..., Job], counting: CountingStore
) -> None:
    job = submit(12)
    _read(job, counting, [f"Nothing of note on sheet {n}." for n in range(11)] + ["The total is $42.00."])
    asking, asked = Asking(counting), Asked("What is the total?")
    whole = asking.pages_to_show(_version(job), asked, 10_000)
    assert [page.index for page in whole] == list(range(12))
    assert [page.index for page in asking.pages_to_show(_version(job), asked, 100)] == [11]
