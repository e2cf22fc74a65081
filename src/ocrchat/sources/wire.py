"""Carry JSON and pixels over a socket between parent and child."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

LONGEST = 1 << 18
"""Bytes that a message may have; a header that says more is refused unread."""

_PREFIX = 4

Fill = Callable[[memoryview], int]
"""Reads some bytes into a buffer and says how many; 0 means that the other end is gone."""


class Gone(Exception):
    """The other end closed before the message was complete."""


class Garbled(Exception):
    """The other end sent what is no message."""


def packed(message: dict[str, Any]) -> bytes:
    """A message as it goes over the wire: four bytes of length, then JSON."""
    body = json.dumps(message, separators=(",", ":")).encode()
    if len(body) > LONGEST:
        raise Garbled(f"a message of {len(body)} bytes")
    return len(body).to_bytes(_PREFIX, "big") + body


def fill(read: Fill, buffer: memoryview) -> None:
    """Read until `buffer` is full; raises Gone when the other end closes before."""
    while buffer:
        count = read(buffer)
        if not count:
            raise Gone
        buffer = buffer[count:]


def received(read: Fill) -> dict[str, Any]:
    """The next message; raises Gone or Garbled. Nothing of it is trusted but that it is a JSON object."""
    prefix = bytearray(_PREFIX)
    fill(read, memoryview(prefix))
    length = int.from_bytes(prefix, "big")
    if not 2 <= length <= LONGEST:
        raise Garbled(f"a message of {length} bytes")
    body = bytearray(length)
    fill(read, memoryview(body))
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Garbled("a message that is no JSON") from error
    if not isinstance(message, dict):
        raise Garbled("a message that is no JSON object")
    return message


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write everything to a blocking descriptor with plain write(2), which the lock allows."""
    rest = memoryview(data).cast("B")
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def reader_of(descriptor: int) -> Fill:
    """A Fill that reads a blocking descriptor with plain read(2), which the lock allows."""
    return lambda buffer: os.readv(descriptor, [buffer])
