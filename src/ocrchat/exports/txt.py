"""Write a document as plain text: UTF-8, a form feed between pages."""

from __future__ import annotations

from typing import BinaryIO

from ocrchat.exports.clean import cleaned
from ocrchat.exports.reading import Reading


def write(reading: Reading, file: BinaryIO) -> None:
    """The pages' texts in order, each ended by a line feed; a page without text leaves its form feed."""
    for place, page in enumerate(reading.pages):
        file.write(b"\f" * (place > 0) + cleaned(page.text).encode() + b"\n")
