"""What the routes work with: made once in each web process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from ocrchat.sources import Intake
from ocrchat_server.chat.asking import Asking
from ocrchat_server.chat.replying import Replying
from ocrchat_server.jobs.dispatch import Dispatcher, ProcrastinateDispatcher
from ocrchat_server.jobs.outline import Outlines
from ocrchat_server.jobs.outstanding import Outstanding
from ocrchat_server.jobs.wait import JobWatch
from ocrchat_server.jobs.webhooks.addresses import Networks, networks_in
from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.storage.opening import opened_store


@dataclass(frozen=True, slots=True)
class Resources:
    """The intake, the files, the queue and the ear of one web process."""

    intake: Intake
    store: BlobStore
    outlines: Outlines
    replying: Replying
    dispatcher: Dispatcher
    watch: JobWatch
    engine: str
    models: Path | None
    inline_pages: int
    inline_seconds: float
    most: Outstanding
    keep_seconds: int
    keep_anonymous_seconds: int
    webhook_networks: Networks


@cache
def resources() -> Resources:
    """This process's own; the first call starts the decoder's process."""
    setup = settings.OCRCHAT
    store = opened_store(setup.data, setup.blobs)
    return Resources(
        intake=Intake(setup.limits()),
        store=store,
        outlines=Outlines(store),
        replying=Replying(Asking(store), setup.language_model(), setup.chat_window),
        dispatcher=ProcrastinateDispatcher(),
        watch=JobWatch(setup.database_url),
        engine=setup.engine,
        models=setup.models_folder(),
        inline_pages=setup.inline_pages,
        inline_seconds=setup.inline_seconds,
        most=Outstanding(setup.outstanding_pages_each, setup.outstanding_pages),
        keep_seconds=setup.keep_account_seconds,
        keep_anonymous_seconds=setup.keep_anonymous_seconds,
        webhook_networks=networks_in(setup.webhook_networks),
    )
