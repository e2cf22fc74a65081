"""Ask a language model for a text that follows a schema (OpenAI's chat completions, streamed)."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from ocrchat.errors import EndpointFailed

MOST_CHARACTERS = 65_536
"""What a reply may have; more is a server that has lost its way."""
_MOST_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class TextEndpoint:
    """A server and its model. `url` ends before `/chat/completions`; `key` is empty where none is needed.

    A reply may take `seconds` in all.
    """

    url: str
    model: str
    key: str = ""
    seconds: float = 60.0

    async def reply(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
        """What the model says, which is JSON of that schema if the server keeps to it. EndpointFailed.

        Redirects are not followed, proxies of the environment not used.
        """
        said: list[str] = []
        length = 0
        try:
            async with asyncio.timeout(self.seconds):
                async for piece in self._pieces(messages, schema):
                    said.append(piece)
                    length += len(piece)
                    if length > MOST_CHARACTERS:
                        raise EndpointFailed(f"the language model said over {MOST_CHARACTERS:,} characters")
        except TimeoutError:
            raise EndpointFailed(f"the language model took over {self.seconds:g} seconds") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TypeError, LookupError) as error:
            raise EndpointFailed(f"the language model could not be asked: {type(error).__name__}") from error
        return "".join(said)

    async def _pieces(
        self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
    ) -> AsyncIterator[str]:
        body = {
            "model": self.model,
            "messages": list(messages),
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "stream": True,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": schema},
            },
        }
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        address = f"{self.url.rstrip('/')}/chat/completions"
        async with (
            httpx.AsyncClient(
                timeout=self.seconds, follow_redirects=False, trust_env=False, verify=_authorities()
            ) as client,
            client.stream("POST", address, json=body, headers=headers) as response,
        ):
            if response.status_code != 200:
                raise EndpointFailed(f"the language model's server answered {response.status_code}")
            if "event-stream" not in response.headers.get("Content-Type", ""):
                yield await _whole(response)
                return
            async for line in _lines(response):
                if line.startswith("data:") and (data := line[5:].strip()) != "[DONE]":
                    for choice in json.loads(data)["choices"][:1]:
                        yield choice["delta"].get("content") or ""


@cache
def _authorities() -> ssl.SSLContext:
    """Who may vouch for a server; reading them takes longer than most requests."""
    return ssl.create_default_context()


async def _whole(response: httpx.Response) -> str:
    """The reply of a server that does not stream."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > 4 * MOST_CHARACTERS:
            raise EndpointFailed("the language model's server answered without end")
    return str(json.loads(bytes(body))["choices"][0]["message"]["content"])


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    """The lines of a stream, none longer than a reply may be."""
    rest = b""
    async for piece in response.aiter_bytes():
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").rstrip("\r")
        if len(rest) > 4 * MOST_CHARACTERS:
            raise EndpointFailed("the language model's server sent a line without end")
