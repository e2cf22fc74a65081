"""A question and its answer, from when it is let in until it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ocrchat.answers import Asked, Citation
from ocrchat_server.accounts.models import Account
from ocrchat_server.chat.asking import Version
from ocrchat_server.chat.models import Conversation
from ocrchat_server.jobs.idempotency import RequestKey
from ocrchat_server.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Exchange:
    """What an account asks of a document: a message that was let in, and its price.

    `id` is what the ledger knows it by. Without a `conversation` one of the id `begins` starts with it.
    """

    id: UUID
    account: Account
    job: Job
    version: Version
    asked: Asked
    conversation: Conversation | None
    begins: UUID
    credits: int = 0
    key: RequestKey | None = None

    @property
    def conversation_id(self) -> UUID:
        """The conversation that it goes on with, or begins."""
        return self.conversation.id if self.conversation else self.begins


def citation_as_kept(citation: Citation) -> dict[str, Any]:
    """A citation as the API gives it."""
    boxes = [[box.x0, box.y0, box.x1, box.y1] for box in citation.boxes]
    return {"page": citation.page, "snippet": citation.snippet, "bbox": boxes}
