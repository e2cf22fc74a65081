"""The routes of chat: ask a document, see what was said, delete a conversation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from ocrchat.answers import Answer, Asked
from ocrchat_server.accounts.errors import WrongToken
from ocrchat_server.accounts.models import Account
from ocrchat_server.api.v1.caller import account_of, requester_of
from ocrchat_server.api.v1.errors import error_response
from ocrchat_server.api.v1.payment import messages_a_day, plan_of, wish_of
from ocrchat_server.api.v1.resources import resources
from ocrchat_server.chat.answering import begun
from ocrchat_server.chat.errors import BadMessage
from ocrchat_server.chat.exchange import Exchange
from ocrchat_server.chat.models import Message
from ocrchat_server.chat.queries import (
    answer_to,
    conversation_of,
    conversations_about,
    last_question,
    messages_about,
)
from ocrchat_server.chat.services import admit, checked, delete_conversation
from ocrchat_server.jobs.idempotency import RequestKey, job_of_key, request_key
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


@router.post("/{uuid}/", openapi_extra={"requestBody": _BODY}, summary="Ask a document")
async def ask_document(request: HttpRequest, uuid: str) -> HttpResponseBase:
    """An answer in the document's own words, with the pages that say it, or that it does not say.

    Without `conversation` a new one begins. With `Accept: text/event-stream` the answer comes as events:
    `conversation` at once, a `part` for each line as it is found, and `message`, the whole; or `error`.
    The same `Idempotency-Key` with the same request gives the same answer, charged once.
    """
    asked = await in_thread(_received)(request, uuid)
    if "text/event-stream" in request.headers.get("Accept", ""):
        response = StreamingHttpResponse(_events(asked), content_type="text/event-stream")
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"
        return response
    if isinstance(asked, Exchange):
        asked = await asyncio.shield(begun(asked, resources().replying, lambda part: None))
    return _json(_reply(asked))


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


def _received(request: HttpRequest, uuid: str) -> Exchange | Message:
    """A message that was let in; or the answer that its Idempotency-Key got before."""
    account, job = _asker(request, uuid)
    check_finished(job)
    body = _body(request)
    question = checked(body["message"])
    key = _key_of(request, {"chat": job.id.hex, **body})
    if key and (known := job_of_key(key)):
        return answer_to(known)
    conversation = conversation_of(job, account, body["conversation"]) if body["conversation"] else None
    plan = plan_of(request)
    exchange = Exchange(
        id=uuid4(),
        account=account,
        job=job,
        version=(job.id, finished_pages_of(job)),
        asked=Asked(question, last_question(conversation) if conversation else None),
        conversation=conversation,
        begins=uuid4(),
        credits=plan.message_credits,
        key=key,
    )
    admit(exchange, wish_of(exchange.id, request, plan), messages_a_day(plan))
    return exchange


def _key_of(request: HttpRequest, fields: dict[str, str]) -> RequestKey | None:
    sent = request.headers.get("Idempotency-Key")
    return None if sent is None else request_key(requester_of(request), sent, fields, None)


def _reply(kept: Message) -> dict[str, Any]:
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


def _message(message: Message) -> dict[str, Any]:
    return {
        "role": message.role,
        "content": message.content,
        "citations": message.citations,
        "created_at": message.created_at.isoformat(),
        "conversation": message.conversation_id.hex,
        "credits": message.credits,
    }


def _json(body: dict[str, Any]) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text.encode("utf-8", "replace"), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


async def _events(asked: Exchange | Message) -> AsyncIterator[bytes]:
    yield _event("conversation", {"conversation": asked.conversation_id.hex})
    if isinstance(asked, Message):
        yield _event("part", {"text": asked.content})
        yield _event("message", _reply(asked))
        return
    parts: asyncio.Queue[Answer | None] = asyncio.Queue()
    task = begun(asked, resources().replying, parts.put_nowait)
    task.add_done_callback(lambda _: parts.put_nowait(None))
    separator = ""
    while part := await parts.get():
        yield _event("part", {"text": separator + part.content})
        separator = "\n"
    try:  # The status is sent already: the table of errors still has the words.
        yield _event("message", _reply(task.result()))
    except Exception as error:
        yield _event("error", json.loads(error_response(error).content))


def _event(name: str, data: dict[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")
