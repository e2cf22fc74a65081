"""Write a document as Markdown."""

from __future__ import annotations

import re
from typing import BinaryIO

from ocrchat.exports.clean import cleaned
from ocrchat.exports.reading import Reading
from ocrchat.model.flow import ground_of, markdown_of_pages

_TAG = re.compile(
    r"<(?!/?(?:table|thead|tbody|tr|td|th|caption|br|sub|sup)"
    r"(?:\s+(?:rowspan|colspan)=[\"']?\d{1,4}[\"']?)*\s*/?>)(?=[A-Za-z/!?])",
    re.IGNORECASE,
)
"""The start of a tag that is none of a table's."""

_TARGET = re.compile(r"(\]\(\s*<?\s*)(?!https?:|mailto:)(?=[\w+.-]*:)", re.IGNORECASE)
_IMAGE = re.compile(r"(?<!\\)!(?=\[)")


def write(reading: Reading, file: BinaryIO) -> None:
    """The pages' Markdown as one flow, ended by a line feed; see `model.flow`. Goes through them twice."""
    written = False
    for piece in markdown_of_pages(reading.pages, ground_of(reading.pages)):
        file.write(b"\n" * written + inert(piece).encode() + b"\n")
        written = True
    if not written:
        file.write(b"\n")


def inert(markdown: str) -> str:
    """The Markdown without what a viewer would run or fetch by itself.

    Tags other than those of tables are escaped (an escaped one stays so), links lead to pages and
    letters only, and pictures become links.
    """
    text = _TAG.sub(lambda tag: tag[0] if _is_escaped(tag) else r"\<", cleaned(markdown))
    return _IMAGE.sub(r"\!", _TARGET.sub(r"\1unsafe:", text))


def _is_escaped(found: re.Match[str]) -> bool:
    before = found.string[: found.start()]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
