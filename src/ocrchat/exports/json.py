"""Write a document as JSON, words, boxes, tables and provenance included."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from ocrchat.exports.reading import Reading
from ocrchat.model import Page
from ocrchat.model.codec import engine_as_plain, note_as_plain, page_as_plain
from ocrchat.model.flow import ground_of, markdown_of_pages
from ocrchat.model.running import typed

VERSION = 1
"""Of docs/document.schema.json; a new one when a key changes its meaning or goes."""

_IN_MEMORY = 1 << 20
_COPIED = 1 << 16
_ESCAPED = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
"""What is written as an escape: invisible, or no character."""


def write(reading: Reading, file: BinaryIO) -> None:
    """UTF-8 JSON by the published schema, a page a line; nothing of any page is left out.

    Pages are gone through twice, as headers are known by their repetition; the text and the Markdown of the
    whole wait meanwhile in files of their own, so that no more than a page is in memory.
    """
    ground = ground_of(reading.pages)
    head = {
        "version": VERSION,
        "title": reading.title,
        "page_count": reading.page_count,
        "engine": engine_as_plain(reading.engine),
        "warnings": [note_as_plain(note) for note in reading.about().notes],
    }
    file.write(_encoded(head)[:-1] + b',\n"pages":[')
    with ExitStack() as stack:
        text, markdown = (stack.enter_context(_Joined()) for _ in range(2))
        tally = _Tally()

        def written() -> Iterator[Page]:
            for place, page in enumerate(reading.pages):
                file.write(b",\n" if place else b"\n")
                file.write(_encoded(page_as_plain(typed(page, ground.running), words=True)))
                text.add(page.text)
                tally.add(page)
                yield page

        for chunk in markdown_of_pages(written(), ground):
            markdown.add(chunk)
        for name, whole in (("text", text), ("markdown", markdown)):
            file.write(b"],\n" if name == "text" else b",\n")
            file.write(f'"{name}":'.encode())
            for piece in whole.pieces():
                file.write(piece)
    rest = {"mean_confidence": tally.mean_confidence, "detected_languages": tally.languages}
    file.write(b",\n" + _encoded(rest)[1:] + b"\n")


class _Joined:
    """The JSON string of texts with an empty line between them."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._file.write(b'"')
        self._empty = True

    def __enter__(self) -> _Joined:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, text: str) -> None:
        if text:
            self._file.write(_encoded(text if self._empty else "\n\n" + text)[1:-1])
            self._empty = False

    def pieces(self) -> Iterator[bytes]:
        self._file.write(b'"')
        self._file.seek(0)
        while piece := self._file.read(_COPIED):
            yield piece


class _Tally:
    """What is told of all pages together, as `Document` tells it."""

    def __init__(self) -> None:
        self._characters, self._weighted = 0, 0.0
        self._languages: dict[str, int] = {}

    def add(self, page: Page) -> None:
        self._characters += len(page.text)
        self._weighted += page.confidence * len(page.text)
        if page.language:
            self._languages[page.language] = self._languages.get(page.language, 0) + 1

    @property
    def mean_confidence(self) -> float:
        return self._weighted / self._characters if self._characters else 0.0

    @property
    def languages(self) -> list[str]:
        return sorted(self._languages, key=lambda code: (-self._languages[code], code))


def _encoded(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (_ESCAPED.sub(_escape, text) if _ESCAPED.search(text) else text).encode()


def _escape(found: re.Match[str]) -> str:
    letter = found[0]
    return "\\ufffd" if "\ud800" <= letter <= "\udfff" else f"\\u{ord(letter):04x}"
