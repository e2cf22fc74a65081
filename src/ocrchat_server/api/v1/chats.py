"""The routes of chat: ask a document, see what was said, delete a conversation."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Query, Router

from ocrchat.answers import Answer, Asked, Citation
from ocrchat_server.accounts.errors import WrongToken
from ocrchat_server.accounts.models import Account
from ocrchat_server.api.v1.caller import account_of
from ocrchat_server.api.v1.resources import resources
from ocrchat_server.chat.asking import Version
from ocrchat_server.chat.errors import BadMessage
from ocrchat_server.chat.models import Conversation, Message
from ocrchat_server.chat.queries import conversation_of, conversations_about, last_question, messages_about
from ocrchat_server.chat.services import checked, count_message, delete_conversation, keep_exchange
from ocrchat_server.jobs.models import Job
from ocrchat_server.jobs.queries import check_finished, finished_pages_of, job_of
from ocrchat_server.storage.connections import in_thread

router = Router(tags=["chat"])

_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["message"],
                "properties": {"message": {"type": "string"}, "conversation": {"type": "string"}},
            }
        }
    },
}
_MOST_BYTES = 1 << 20

Given = ParamSpec("Given")
Result = TypeVar("Result")


@router.post("/{uuid}/", openapi_extra={"requestBody": _BODY}, summary="Ask a document")
async def ask_document(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """An answer in the document's own words, with the pages that say it, or that it does not say.

    Without `conversation` a new one begins. With `Accept: text/event-stream` the answer comes as events:
    `conversation`, a `part` for each line of it, and `message`, the whole.
    """
    message = await in_thread(_received)(request, uuid)
    answer = await resources().replying.reply(message.version, message.asked)
    reply = await in_thread(_kept)(message, answer)
    if "text/event-stream" not in request.headers.get("Accept", ""):
        return _json(reply)
    response = StreamingHttpResponse(_events(reply), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@router.get("/{uuid}/history/", summary="See what was said")
def get_history(request: HttpRequest, uuid: str, conversation: Annotated[str, Query()] = "") -> HttpResponse:
    """Every message of the account about the document, the oldest first; with `conversation`, of that one.

    Above them the conversation that began last, and all of them.
    """
    account, job = _asker(request, uuid)
    check_finished(job)
    chosen = conversation_of(job, account, conversation) if conversation else None
    begun = conversations_about(job, account)
    last = chosen or (begun[0] if begun else None)
    return _json(
        {
            "conversation": last.id.hex if last else None,
            "messages": [_message(each) for each in messages_about(job, account, chosen)],
            "conversations": [each.id.hex for each in begun],
        }
    )


@router.delete("/{uuid}/{conversation}/", summary="Delete a conversation")
def forget_conversation(request: HttpRequest, uuid: str, conversation: str) -> HttpResponse:
    """Delete a conversation with all its messages."""
    account, job = _asker(request, uuid)
    delete_conversation(job, account, conversation)
    return _json({"conversation": conversation, "status": "deleted"})


def _asker(request: HttpRequest, uuid: str) -> tuple[Account, Job]:
    account = account_of(request)
    if account is None:
        raise WrongToken("chat needs an account: send its token")
    return account, job_of(account, uuid)


@dataclass(frozen=True, slots=True)
class _Received:
    """A message that may be answered, and of what."""

    account: Account
    job: Job
    conversation: Conversation | None
    asked: Asked
    version: Version


def _received(request: HttpRequest, uuid: str) -> _Received:
    account, job = _asker(request, uuid)
    check_finished(job)
    body = _body(request)
    question = checked(body["message"])
    conversation = conversation_of(job, account, body["conversation"]) if body["conversation"] else None
    count_message(account, settings.OCRCHAT.chat_messages_a_day, timezone.now())
    asked = Asked(question, last_question(conversation) if conversation else None)
    return _Received(account, job, conversation, asked, (job.id, finished_pages_of(job)))


def _kept(message: _Received, answer: Answer) -> dict[str, Any]:
    citations = [_citation(each) for each in answer.citations]
    kept = keep_exchange(
        message.job, message.account, message.conversation, message.asked.message, answer.content, citations
    )
    return {"conversation": kept.conversation_id.hex, "message": _message(kept)}


def _body(request: HttpRequest) -> dict[str, str]:
    """The message and its conversation, empty for a new one. BadMessage for everything else."""
    if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
        raise BadMessage(f"the body is too long; at most {_MOST_BYTES:,} bytes are taken")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadMessage('the body is no JSON; send {"message": "..."}') from None
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, str):
        raise BadMessage('send JSON with a text in `message`: {"message": "..."}')
    conversation = body.get("conversation")
    if not isinstance(conversation, str | None):
        raise BadMessage("`conversation` is the text that an earlier answer gave")
    return {"message": message, "conversation": conversation or ""}


def _citation(citation: Citation) -> dict[str, Any]:
    boxes = [[box.x0, box.y0, box.x1, box.y1] for box in citation.boxes]
    return {"page": citation.page, "snippet": citation.snippet, "bbox": boxes}


def _message(message: Message) -> dict[str, Any]:
    return {
        "role": message.role,
        "content": message.content,
        "citations": message.citations,
        "created_at": message.created_at.isoformat(),
        "conversation": message.conversation_id.hex,
    }


def _json(body: dict[str, Any]) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text.encode("utf-8", "replace"), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


async def _events(reply: dict[str, Any]) -> AsyncIterator[bytes]:
    for name, data in _news(reply):
        text = json.dumps(data, ensure_ascii=False)
        yield f"event: {name}\ndata: {text}\n\n".encode("utf-8", "replace")


def _news(reply: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "conversation", {"conversation": reply["conversation"]}
    for line in reply["message"]["content"].splitlines(keepends=True):
        yield "part", {"text": line}
    yield "message", reply
