"""Commit the pages of a batch that a PDF's own text tells, all at once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections

from ocrchat.model import EngineStamp
from ocrchat.model.codec import StoredPage
from ocrchat.options import Options
from ocrchat.own_text import wholly_own
from ocrchat.sources import OpenSource
from ocrchat.typesetting import Typesetters
from ocrchat_server.jobs.commit import claim_pages, commit_pages, put_back
from ocrchat_server.storage.blobs import BlobStore

log = logging.getLogger(__name__)


def own_pages(
    source: OpenSource, indices: Sequence[int], options: Options, setters: Typesetters
) -> tuple[StoredPage, ...]:
    """Those of the pages whose own text says all of them."""
    found = (wholly_own(source, index, options, setters.set_page) for index in indices)
    return tuple(page for page in found if page is not None)


def commit_own(
    job: UUID, pages: Sequence[StoredPage], engine: EngineStamp, store: BlobStore, attempts: int
) -> tuple[int, ...]:
    """Commit pages in one transaction; the indices of those that nobody has to read any more.

    They are claimed when they are made already, so that a worker that dies over one of them does not use up
    the attempts of the others. What cannot be stored now is left to be read page by page, which waits.
    """
    if not pages:
        return ()
    claimed: list[tuple[StoredPage, int]] = []
    done: list[int] = []
    attempts_of = claim_pages(job, [page.index for page in pages])
    for page in pages:
        attempt = attempts_of.get(page.index)
        if attempt is None:
            done.append(page.index)
        elif attempt > attempts:
            put_back(job, page.index, attempt)
        else:
            claimed.append((page, attempt))
    if not claimed:
        return tuple(done)
    try:
        commit_pages(job, claimed, engine, store)
    except (OSError, OperationalError, InterfaceError) as error:
        log.warning("job %s: %d pages cannot be committed yet: %s", job.hex, len(claimed), error)
        connections.close_all()
        for page, attempt in claimed:
            put_back(job, page.index, attempt)
        return tuple(done)
    return (*done, *(page.index for page, _ in claimed))
