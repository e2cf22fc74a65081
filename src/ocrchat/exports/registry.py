"""Name the formats, and say what each one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ocrchat.errors import UnknownOption
from ocrchat.exports import json, md, txt
from ocrchat.model import Document


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a document down; `name` is what `?format=` takes and the file's ending."""

    name: str
    media_type: str
    meaning: str
    written: Callable[[Document], bytes]


FORMATS = (
    Format("txt", "text/plain; charset=utf-8", "plain text, a form feed between pages", txt.written),
    Format("md", "text/markdown; charset=utf-8", "Markdown of the whole document", md.written),
    Format("json", "application/json", "everything: pages, blocks, lines, words, boxes", json.written),
)


def format_named(name: str) -> Format:
    """The format of that name; UnknownOption names those that exist."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UnknownOption("format", name, (each.name for each in FORMATS))
