"""A job's file stays open from batch to batch, and not for long."""

from __future__ import annotations

from ocrchat.errors import SourceError
from ocrchat_server.jobs.models import upload_key
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.worker.sources import JobFile, KeptSources
from tests.server.worker.conftest import Submitted


def test_the_next_batch_gets_the_file_that_is_open(sources: KeptSources, submitted: Submitted) -> None:
    job = submitted("tt")
    with sources.opened(job.id) as opening:
        first = opening.file()
        assert isinstance(first, JobFile)
        with sources.opened(job.id) as opening:
            beside = opening.file()
            assert beside is not first
    with sources.opened(job.id) as opening:
        second = opening.file()
        assert second in (first, beside)
        assert isinstance(second, JobFile)
        assert second.source.page_count == 2


def test_what_nobody_asks_for_is_closed(sources: KeptSources, submitted: Submitted) -> None:
    job = submitted("t")
    with sources.opened(job.id) as opening:
        first = opening.file()
        assert isinstance(first, JobFile)
    sources.close_idle(60)
    with sources.opened(job.id) as opening:
        second = opening.file()
        assert second is first
    sources.close_idle(0)
    with sources.opened(job.id) as opening:
        third = opening.file()
        assert third is not first


def test_a_file_whose_batch_broke_is_not_kept(sources: KeptSources, submitted: Submitted) -> None:
    job = submitted("t")
    try:
        with sources.opened(job.id) as opening:
            first = opening.file()
            raise RuntimeError("the batch broke")
    except RuntimeError:
        pass
    with sources.opened(job.id) as opening:
        second = opening.file()
        assert second is not first


def test_no_more_are_kept_than_a_few(sources: KeptSources, submitted: Submitted) -> None:
    sources.most = 2
    jobs = [submitted("t") for _ in range(3)]
    files = []
    for job in jobs:
        with sources.opened(job.id) as opening:
            file = opening.file()
            files.append(file)
    kept = []
    for job in jobs[1:]:
        with sources.opened(job.id) as opening:
            file = opening.file()
            kept.append(file)
    assert kept == files[1:]
    with sources.opened(jobs[0].id) as opening:
        again = opening.file()
        assert again is not files[0]


def test_a_file_that_is_gone_or_broken_is_a_reason_and_nothing_is_kept(
    sources: KeptSources, submitted: Submitted, store: BlobStore
) -> None:
    job = submitted("t")
    store.put(upload_key(job.id), b"%PDF-1.4 and nothing else")
    with sources.opened(job.id) as opening:
        broken = opening.file()
        assert isinstance(broken, SourceError)
    store.delete(upload_key(job.id))
    with sources.opened(job.id) as opening:
        gone = opening.file()
        assert "not there" in str(gone)
