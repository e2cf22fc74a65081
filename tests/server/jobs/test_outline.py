"""A job that is polled is not read anew each time."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence

from ocrchat.model import Block, BlockType, Box, Page
from ocrchat.model.codec import page_as_plain
from ocrchat.model.running import with_running
from ocrchat_server.jobs.commit import claim_page, commit_page
from ocrchat_server.jobs.models import Job, page_key
from ocrchat_server.jobs.outline import Outlines
from ocrchat_server.jobs.queries import document_of
from ocrchat_server.storage.blobs import BlobStore
from tests.server.jobs.conftest import STAMP, page_of


class CountingStore(BlobStore):
    """A store that knows how many blobs were asked for."""

    asked: list[str]

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        _ASKED.extend(keys)
        return super().get_many(keys)


_ASKED: list[str] = []


def _read(job: Job, store: BlobStore, *indices: int) -> None:
    for index in indices:
        attempt = claim_page(job.id, index)
        assert attempt
        assert commit_page(job.id, page_of(index, f"page {index}"), attempt, STAMP, store)


def test_each_blob_is_read_once_while_a_job_grows(submit: Callable[..., Job], store: BlobStore) -> None:
    job, outlines = submit(pages=9), Outlines(CountingStore(store.root))
    _ASKED.clear()
    for index in range(9):
        _read(job, store, index)
        assert outlines.of(job).text == document_of(job, store).text
    assert len(_ASKED) == len(set(_ASKED)) == 9


def test_a_page_stays_the_same_object_until_what_runs_through_the_document_changes_it(
    submit: Callable[..., Job], store: BlobStore
) -> None:
    job, outlines = submit(pages=9), Outlines(store)
    for index in range(3):
        attempt = claim_page(job.id, index)
        assert attempt
        assert commit_page(job.id, _with_header(index), attempt, STAMP, store)
    first, again = outlines.of(job, only={0, 1}).pages, outlines.of(job, only={0, 1}).pages
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert [page.blocks[0].type for page in outlines.of(job, only={0}).pages] == [BlockType.PARAGRAPH]
    whole = outlines.of(job)
    assert {page.blocks[0].type for page in whole.pages} == {BlockType.HEADER}
    assert whole.pages == with_running(whole.pages)


def _with_header(index: int) -> Page:
    header = Block("A report", Box(10, 10, 200, 30), 1.0)
    body = Block(f"page {index}", Box(10, 500, 200, 530), 1.0)
    text = f"A report\n\npage {index}"
    return Page(index, 1000, 1000, text, text, (header, body), confidence=1.0)


def test_only_the_pages_that_are_asked_for_are_read(submit: Callable[..., Job], store: BlobStore) -> None:
    job, outlines = submit(pages=9), Outlines(CountingStore(store.root))
    _read(job, store, *range(9))
    _ASKED.clear()
    assert [page.index for page in outlines.of(job, only={2, 3}).pages] == [2, 3]
    assert len(_ASKED) == 2


def test_pages_that_an_earlier_version_stored_in_one_part_are_read(
    submit: Callable[..., Job], store: BlobStore
) -> None:
    job = submit(pages=9)
    _read(job, store, 0, 1)
    for index in (0, 1):
        page = page_as_plain(page_of(index, f"page {index}"), words=True) | {"notes": []}
        store.delete(page_key(job.id, index, 1))
        store.put(page_key(job.id, index, 1), gzip.compress(json.dumps(page).encode()))
    assert Outlines(store).of(job).text == document_of(job, store).text == "page 0\n\npage 1"


def test_what_is_kept_is_bounded_and_short_jobs_are_not_kept(
    submit: Callable[..., Job], store: BlobStore
) -> None:
    short, long = submit(pages=2), submit(pages=9)
    outlines = Outlines(CountingStore(store.root), most=5 * 212)
    _read(short, store, 0, 1)
    _read(long, store, *range(9))
    _ASKED.clear()
    for job in (short, short, long, long):
        outlines.of(job)
    assert _ASKED.count(f"jobs/{short.id.hex}/pages/0-1.json.gz") == 2
    assert 2 * 2 + 9 < len(_ASKED) < 2 * 2 + 9 + 9
