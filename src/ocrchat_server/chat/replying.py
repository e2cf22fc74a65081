"""Answer a message: by a language model as far as the document bears it out, else by the document."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from asgiref.sync import sync_to_async

from ocrchat.answers import SCHEMA, Answer, Asked, grounded, printed, prompt_of
from ocrchat.endpoints import TextEndpoint
from ocrchat.errors import EndpointFailed
from ocrchat_server.chat.asking import Asking, Version

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Replying:
    """What answers: documents, and a model that is shown so many characters of them, if any."""

    asking: Asking
    endpoint: TextEndpoint | None
    window: int

    async def parts(self, version: Version, asked: Asked) -> AsyncIterator[Answer]:
        """The answer to a message, each part of it as soon as it is found and checked.

        Needs no database, and holds none of its connections.
        """
        if self.endpoint is not None:
            try:
                answer = await self._by_model(self.endpoint, version, asked)
            except EndpointFailed as error:
                log.warning("%s; the document answers in its own words", error)
            else:
                if answer is not None:
                    yield answer
                    return
                log.warning("the language model did not keep to the schema; the document answers")
        found = self.asking.parts(version, asked)
        while part := await sync_to_async(_next, thread_sensitive=False)(found):
            yield part

    async def _by_model(self, endpoint: TextEndpoint, version: Version, asked: Asked) -> Answer | None:
        shown = sync_to_async(self.asking.pages_to_show, thread_sensitive=False)
        pages = await shown(version, asked, self.window)
        mark = f"<<{secrets.token_hex(8)}>>"
        prompt = prompt_of(asked.message, asked.before, pages, self.window, mark)
        reply = await endpoint.reply(prompt.messages, SCHEMA)
        checked = sync_to_async(grounded, thread_sensitive=False)
        return await checked(reply, asked.message, [printed(page) for page in pages], prompt.hidden)


def _next(parts: Iterator[Answer]) -> Answer | None:
    return next(parts, None)
