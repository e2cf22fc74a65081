"""OCR.chat's chat routes, key for key, and what we add to them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import requests

from tests.conftest import Server, Wait
from tests.drawing import printed, printed_pages, scripted_png, scripted_tiff

INVOICE = [
    "INVOICE",
    "Acme Corp",
    "Invoice number: INV-2231",
    "Bill to: Globex Ltd",
    "Subtotal: $36.00",
    "Tax: $6.00",
    "Total: $42.00",
    "Due date: March 3, 2026",
]


def _ask(server: Server, uuid: str, body: object, **headers: str) -> requests.Response:
    sent = {**server.bearer, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return requests.post(f"{server.address}/api/v1/chat/{uuid}/", headers=sent, json=body, timeout=60)


@pytest.fixture(scope="module")
def uuid(scripted_server: Server) -> str:
    """The uuid of an invoice that was read."""
    found: str = scripted_server.post("invoice.png", scripted_png("\n".join(INVOICE))).json()["uuid"]
    return found


def _keys_of_an_answer(body: dict[str, Any]) -> None:
    assert body.keys() == {"conversation", "message"}
    assert re.fullmatch("[0-9a-f]{32}", body["conversation"])
    assert body["message"].keys() >= {"role", "content", "citations"}
    assert body["message"]["role"] == "assistant"
    for citation in body["message"]["citations"]:
        assert citation.keys() >= {"page", "snippet"}


def _read(server: Server, until: Wait, name: str, file: bytes) -> dict[str, Any]:
    """The job of a file, when it is done: a busy machine may not read it within the POST."""
    uuid = server.post(name, file).json()["uuid"]
    until(lambda: server.get(f"/ocr/{uuid}/").json()["status"] == "done")
    job: dict[str, Any] = server.get(f"/ocr/{uuid}/").json()
    return job


def test_the_published_question_is_answered_from_a_drawn_invoice(server: Server, until: Wait) -> None:
    job = _read(server, until, "invoice.png", printed(INVOICE))
    body = _ask(server, job["uuid"], {"message": "What is the invoice total and when is it due?"}).json()
    _keys_of_an_answer(body)
    content, citations = body["message"]["content"], body["message"]["citations"]
    assert "$42.00" in content
    assert "March 3,2026" in content.replace(", ", ",")
    assert "(p. 1)" in content
    assert "36" not in content
    assert [citation["page"] for citation in citations] == [1, 1]
    page = job["pages"][0]
    for citation in citations:
        assert citation["snippet"] in page["text"]
        for x0, y0, x1, y1 in citation["bbox"]:
            assert 0 <= x0 < x1 <= page["width"]
            assert 0 <= y0 < y1 <= page["height"]


def test_the_page_of_an_answer_is_the_one_that_says_it(server: Server, until: Wait) -> None:
    pages = [["Terms of delivery", "Goods are sent by post."], INVOICE]
    job = _read(server, until, "two.pdf", printed_pages(pages, "PDF"))
    message = _ask(server, job["uuid"], {"message": "What is the total?"}).json()["message"]
    assert [citation["page"] for citation in message["citations"]] == [2]
    assert "(p. 2)" in message["content"]


def test_boxes_lie_where_the_words_are(scripted_server: Server, uuid: str) -> None:
    message = _ask(scripted_server, uuid, {"message": "What is the total?"}).json()["message"]
    (citation,) = message["citations"]
    page = scripted_server.get(f"/ocr/{uuid}/?detail=words").json()["pages"][0]
    lines = [line for block in page["blocks"] for line in block["lines"]]
    (line,) = [line for line in lines if line["text"] == citation["snippet"]]
    (box,) = citation["bbox"]
    x0, y0, x1, y1 = line["bbox"]
    assert x0 <= box[0] < box[2] <= x1
    assert y0 <= box[1] < box[3] <= y1


def test_what_a_document_does_not_say_is_not_answered(scripted_server: Server, uuid: str) -> None:
    for question in ("What is the IBAN?", "Who is the landlord?", "When was the company founded?"):
        message = _ask(scripted_server, uuid, {"message": question}).json()["message"]
        assert message["content"] == "Not found in this document."
        assert message["citations"] == []


def test_a_message_without_a_conversation_begins_one_and_history_holds_all(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("\n".join(INVOICE))).json()["uuid"]
    empty = scripted_server.get(f"/chat/{uuid}/history/").json()
    assert (empty["conversation"], empty["messages"]) == (None, [])
    first = _ask(scripted_server, uuid, {"message": "What is the total?"}).json()
    second = _ask(scripted_server, uuid, {"message": "Who is the customer?"}).json()
    again = _ask(
        scripted_server, uuid, {"message": "And the tax?", "conversation": first["conversation"]}
    ).json()
    assert again["conversation"] == first["conversation"] != second["conversation"]
    history = scripted_server.get(f"/chat/{uuid}/history/").json()
    assert history.keys() >= {"conversation", "messages"}
    assert history["conversation"] == second["conversation"]
    assert [message["content"] for message in history["messages"]] == [
        "What is the total?",
        first["message"]["content"],
        "Who is the customer?",
        second["message"]["content"],
        "And the tax?",
        again["message"]["content"],
    ]
    for message in history["messages"]:
        assert message.keys() >= {"role", "content", "citations", "created_at"}
    assert [message["role"] for message in history["messages"]] == ["user", "assistant"] * 3
    one = scripted_server.get(f"/chat/{uuid}/history/?conversation={first['conversation']}").json()
    assert one["conversation"] == first["conversation"]
    assert len(one["messages"]) == 4


def test_a_conversation_is_deleted_with_its_messages(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("\n".join(INVOICE))).json()["uuid"]
    kept = _ask(scripted_server, uuid, {"message": "What is the tax?"}).json()["conversation"]
    gone = _ask(scripted_server, uuid, {"message": "What is the total?"}).json()["conversation"]
    address = f"{scripted_server.address}/api/v1/chat/{uuid}/{gone}/"
    assert requests.delete(address, headers=scripted_server.bearer, timeout=10).status_code == 200
    assert requests.delete(address, headers=scripted_server.bearer, timeout=10).status_code == 404
    assert _ask(scripted_server, uuid, {"message": "hi", "conversation": gone}).status_code == 404
    history = scripted_server.get(f"/chat/{uuid}/history/").json()
    assert history["conversations"] == [kept]
    assert history["messages"][0]["content"] == "What is the tax?"


def test_a_deleted_job_takes_its_chats_along_and_says_so(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("\n".join(INVOICE))).json()["uuid"]
    _ask(scripted_server, uuid, {"message": "What is the total?"})
    answer = requests.delete(
        f"{scripted_server.address}/api/v1/ocr/{uuid}/", headers=scripted_server.bearer, timeout=10
    )
    assert answer.json()["removed"]["conversations"] == 1
    assert answer.json()["removed"]["messages"] == 2
    assert scripted_server.get(f"/chat/{uuid}/history/").status_code == 404


def test_an_answer_is_streamed_as_events(scripted_server: Server, uuid: str) -> None:
    answer = _ask(
        scripted_server,
        uuid,
        {"message": "What are the total and the due date?"},
        Accept="text/event-stream",
    )
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    events = [
        (name, json.loads(data)) for name, data in re.findall(r"event: (\w+)\ndata: (.+)\n\n", answer.text)
    ]
    assert [name for name, _ in events] == ["conversation", "part", "part", "message"]
    whole = events[-1][1]
    _keys_of_an_answer(whole)
    assert "".join(data["text"] for name, data in events if name == "part") == whole["message"]["content"]
    assert events[0][1]["conversation"] == whole["conversation"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": ""}, "empty"),
        ({"message": " \n "}, "empty"),
        ({"message": "x" * 100_000}, "at most 4,000"),
        ({}, "message"),
        ({"message": 7}, "message"),
        ({"message": "hi", "conversation": 7}, "conversation"),
        ([], "message"),
    ],
)
def test_a_message_that_is_none_is_400_and_says_why(
    scripted_server: Server, uuid: str, body: object, said: str
) -> None:
    answer = _ask(scripted_server, uuid, body)
    assert answer.status_code == 400
    assert answer.json().keys() == {"error"}
    assert said in answer.json()["error"]


def test_a_body_that_is_no_json_is_400(scripted_server: Server, uuid: str) -> None:
    address = f"{scripted_server.address}/api/v1/chat/{uuid}/"
    for body in (b"{", b"\xff\xfe", b"[" * 100_000, b"message=hi"):
        answer = requests.post(address, headers=scripted_server.bearer, data=body, timeout=30)
        assert answer.status_code == 400, body[:20]
        assert answer.json().keys() == {"error"}


def test_chat_needs_an_account(scripted_server: Server) -> None:
    uuid = scripted_server.post("a.png", scripted_png("hi"), anonymous=True).json()["uuid"]
    address = f"{scripted_server.address}/api/v1/chat/{uuid}/"
    assert requests.post(address, json={"message": "hi"}, timeout=10).status_code == 401
    assert requests.get(f"{address}history/", timeout=10).status_code == 401
    wrong = {"Authorization": "Bearer wrong"}
    assert requests.post(address, headers=wrong, json={"message": "hi"}, timeout=10).status_code == 401
    assert _ask(scripted_server, uuid, {"message": "hi"}).status_code == 200


def test_a_document_that_is_not_there_is_404(scripted_server: Server, uuid: str) -> None:
    for name in ("0" * 32, "nonsense"):
        assert _ask(scripted_server, name, {"message": "hi"}).status_code == 404
        assert scripted_server.get(f"/chat/{name}/history/").status_code == 404
    for name in ("0" * 32, "nonsense"):
        answer = _ask(scripted_server, uuid, {"message": "hi", "conversation": name})
        assert answer.status_code == 404


def test_a_document_that_is_not_finished_is_409(scripted_server: Server, until: Wait) -> None:
    job = scripted_server.post("long.tif", scripted_tiff([f"page {n}\n!wait 0.3" for n in range(30)])).json()
    answer = _ask(scripted_server, job["uuid"], {"message": "What is the total?"})
    assert job["status"] != "done"
    assert answer.status_code == 409
    assert scripted_server.get(f"/chat/{job['uuid']}/history/").status_code == 409
    until(lambda: scripted_server.get(f"/ocr/{job['uuid']}/").json()["status"] == "done")
    assert _ask(scripted_server, job["uuid"], {"message": "What is the total?"}).status_code == 200


def test_a_wrong_method_is_405(scripted_server: Server, uuid: str) -> None:
    assert scripted_server.get(f"/chat/{uuid}/").status_code == 405
