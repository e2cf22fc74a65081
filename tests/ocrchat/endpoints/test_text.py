"""A language model is asked over real HTTP."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ocrchat.endpoints import TextEndpoint
from ocrchat.endpoints.text import MOST_CHARACTERS
from ocrchat.errors import EndpointFailed
from tests.model_server import ModelServer, model_server

SCHEMA = {"type": "object"}


def _ask(server: ModelServer, key: str = "", seconds: float = 30.0) -> str:
    endpoint = TextEndpoint(server.url, "small", key, seconds)
    return asyncio.run(endpoint.reply([{"role": "user", "content": "héllo?"}], SCHEMA))


@pytest.mark.parametrize("streams", [True, False])
def test_what_the_model_says_comes_back_whole_streamed_or_not(streams: bool) -> None:
    with model_server(lambda body: '{"answer": "größer 🙂"}') as server:
        server.streams = streams
        assert _ask(server, "secret") == '{"answer": "größer 🙂"}'
    (body,) = server.bodies
    assert body["messages"] == [{"role": "user", "content": "héllo?"}]
    assert (body["model"], body["stream"]) == ("small", True)
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert server.headers[0]["Authorization"] == "Bearer secret"


def test_without_a_key_none_is_sent() -> None:
    with model_server(lambda body: "{}") as server:
        _ask(server)
    assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_a_server_that_refuses_is_an_error(status: int) -> None:
    with model_server(lambda body: "{}") as server:
        server.status = status
        with pytest.raises(EndpointFailed, match=str(status)):
            _ask(server)


def test_a_reply_without_end_is_cut_off() -> None:
    with model_server(lambda body: "x" * (MOST_CHARACTERS + 1)) as server, pytest.raises(EndpointFailed):
        _ask(server)


def test_a_server_that_is_away_is_an_error() -> None:
    with model_server(lambda body: "{}") as server:
        pass
    with pytest.raises(EndpointFailed, match="could not be asked"):
        _ask(server)


def test_a_server_that_is_slow_is_given_up() -> None:
    given_up = threading.Event()

    def slow(body: object) -> str:
        given_up.wait(30)
        return "{}"

    with model_server(slow) as server:
        try:
            with pytest.raises(EndpointFailed):
                _ask(server, seconds=0.3)
        finally:
            given_up.set()
