"""Pack what a searchable PDF is made of into messages, and unpack it inside the lock."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from typing import Any

from ocrchat.model.searchable import Imprint, PageLayer, Tag

LAYER, IMPRINT = "layer", "imprint"
_PART = 180_000
"""Letters of a parcel that go into one message."""

_MOST = 1 << 26
"""Bytes that a parcel may have when it is unpacked; a page of 300,000 letters has a quarter."""


def parts_of(thing: PageLayer | Imprint) -> Iterator[dict[str, Any]]:
    """The requests that carry a layer, or the imprint, without their `cpu`."""
    if isinstance(thing, PageLayer):
        kind, plain = LAYER, _layer_as_plain(thing)
    else:
        kind, plain = IMPRINT, {"title": thing.title, "language": thing.language, "letters": thing.letters}
    packed = base64.b85encode(zlib.compress(json.dumps(plain).encode("utf-8", "surrogatepass"), 1)).decode()
    for start in range(0, len(packed), _PART):
        end = start + _PART
        yield {"print": kind, "part": packed[start:end], "last": end >= len(packed)}


def unpacked(parts: list[str]) -> dict[str, Any]:
    """The plain values of a parcel; ValueError where it is none."""
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(base64.b85decode("".join(parts)), _MOST)
    if unpacking.unconsumed_tail:
        raise ValueError("a parcel that is too large")
    plain = json.loads(data)
    if not isinstance(plain, dict):
        raise ValueError("a parcel without names")
    return plain


def layer_of(plain: dict[str, Any]) -> PageLayer:
    """The layer that was packed."""
    content = plain.pop("content").encode("latin-1")
    tags = tuple(Tag(tuple(path), *others) for path, *others in plain.pop("tags"))
    return PageLayer(**plain, tags=tags, content=content)


def _layer_as_plain(layer: PageLayer) -> dict[str, Any]:
    return {
        "index": layer.index,
        "width": layer.width,
        "height": layer.height,
        "dpi": layer.dpi,
        "rotation": layer.rotation,
        "text": layer.text,
        "content": layer.content.decode("latin-1"),
        "tags": [(tag.path, tag.content, tag.rows, tag.columns) for tag in layer.tags],
        "is_addition": layer.is_addition,
    }
