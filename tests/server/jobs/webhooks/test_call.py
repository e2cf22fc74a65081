"""A stranger's server is called once, briefly, and only where it may be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from ocrchat_server.jobs.webhooks.addresses import networks_in
from ocrchat_server.jobs.webhooks.call import Answer, Caller, Resolve
from tests.server.jobs.webhooks.conftest import (
    Authority,
    Receiver,
    Script,
    answering,
    dripping,
    flooding,
    flooding_headers,
    hanging_up,
    talking_nonsense,
)

_HERE = networks_in("127.0.0.1/32")


def _posted(caller: Caller, url: str) -> Answer:
    return asyncio.run(caller.post(url, {"webhook-id": "msg_1"}, b'{"type": "x"}'))


def _resolver(*answers: list[str]) -> tuple[Resolve, list[str]]:
    """A resolver that gives one answer after the other, and the names that it was asked for."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return resolve, asked


def test_a_message_arrives_as_it_was_sent(receiver: Callable[..., Receiver]) -> None:
    there = receiver(answering("204 No Content"))
    assert _posted(Caller(_HERE), there.url) == Answer(204, "answered 204")
    (request,) = there.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert b"webhook-id: msg_1" in head
    assert f"host: 127.0.0.1:{there.port}".encode() in head.lower()
    assert body == b'{"type": "x"}'


def test_this_machine_is_not_called_unless_its_operator_says_so(receiver: Callable[..., Receiver]) -> None:
    there = receiver(answering("200 OK"))
    for url in (there.url, f"https://127.0.0.1:{there.port}/", f"https://localhost:{there.port}/"):
        assert _posted(Caller(), url).status is None
    for host in ("2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0"):
        assert "may be called" in _posted(Caller(), f"https://{host}:{there.port}/").said
    assert there.connections == 0


def test_a_name_that_changes_its_mind_gains_nothing(receiver: Callable[..., Receiver]) -> None:
    there = receiver(answering("200 OK"))
    inside = receiver(answering("200 OK"), host="127.0.0.2", port=there.port)
    resolve, asked = _resolver(["127.0.0.1"], ["127.0.0.2"])
    answer = _posted(Caller(_HERE, resolve=resolve), f"http://rebinding.example:{there.port}/")
    assert answer.status == 200
    assert asked == ["rebinding.example"]
    assert (there.connections, inside.connections) == (1, 0)
    assert b"host: rebinding.example:" in there.requests[0].lower()


def test_of_several_addresses_only_those_that_may_be_are_called(receiver: Callable[..., Receiver]) -> None:
    there = receiver(answering("200 OK"))
    inside = receiver(answering("200 OK"), host="127.0.0.2", port=there.port)
    resolve, _ = _resolver(["127.0.0.2", "127.0.0.1"])
    assert _posted(Caller(_HERE, resolve=resolve), f"http://both.example:{there.port}/").status == 200
    assert (there.connections, inside.connections) == (1, 0)


def test_an_address_that_does_not_answer_is_followed_by_the_next(receiver: Callable[..., Receiver]) -> None:
    there = receiver(answering("200 OK"), host="127.0.0.2")
    resolve, _ = _resolver(["127.0.0.1", "127.0.0.2"])
    caller = Caller(networks_in("127.0.0.0/8"), resolve=resolve)
    assert _posted(caller, f"http://two.example:{there.port}/").status == 200
    (there_port, nobody) = (there.port, _resolver(["127.0.0.1"])[0])
    said = _posted(Caller(_HERE, resolve=nobody), f"http://none.example:{there_port}/").said
    assert said.startswith("none.example cannot be reached")


def test_a_redirect_is_not_followed(receiver: Callable[..., Receiver]) -> None:
    inside = receiver(answering("200 OK"))
    there = receiver(answering("307 Temporary Redirect", f"Location: {inside.url}"))
    assert _posted(Caller(_HERE), there.url).status == 307
    assert inside.connections == 0


@pytest.mark.parametrize("script", [dripping, flooding_headers, hanging_up, talking_nonsense])
def test_a_hostile_receiver_costs_a_bounded_time(script: Script, receiver: Callable[..., Receiver]) -> None:
    there = receiver(script)
    start = time.monotonic()
    answer = _posted(Caller(_HERE, seconds=1.0), there.url)
    assert answer.status is None
    assert answer.said
    assert time.monotonic() - start < 20
    assert there.connections == 1


def test_an_answer_without_end_is_not_read(receiver: Callable[..., Receiver]) -> None:
    assert _posted(Caller(_HERE, seconds=10.0), receiver(flooding).url).status == 200


def test_a_name_that_nobody_has_is_an_answer_too() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    assert _posted(Caller(resolve=resolve), "https://nobody.example/") == Answer(None, "no such name")


def test_a_resolver_that_says_nothing_is_given_up() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    answer = _posted(Caller(resolve=resolve, seconds=0.1), "https://silent.example/")
    assert answer == Answer(None, "no answer within 0.1 s")


def test_tls_is_verified_against_the_name_and_not_the_address(
    receiver: Callable[..., Receiver], authority: Authority
) -> None:
    right = receiver(answering("200 OK"), tls=authority.server("hooks.example"))
    wrong = receiver(answering("200 OK"), tls=authority.server("127.0.0.1"))
    resolve, _ = _resolver(["127.0.0.1"])
    caller = Caller(_HERE, tls=authority.client(), resolve=resolve)
    assert _posted(caller, f"https://hooks.example:{right.port}/").status == 200
    refused = _posted(caller, f"https://hooks.example:{wrong.port}/")
    assert refused.status is None
    assert "certificate verify failed" in refused.said
    assert not wrong.requests


def test_a_certificate_that_nobody_vouches_for_is_refused(
    receiver: Callable[..., Receiver], authority: Authority
) -> None:
    there = receiver(answering("200 OK"), tls=authority.server("hooks.example"))
    resolve, _ = _resolver(["127.0.0.1"])
    answer = _posted(Caller(_HERE, resolve=resolve), f"https://hooks.example:{there.port}/")
    assert "certificate verify failed" in answer.said
    assert not there.requests
