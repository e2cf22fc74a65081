"""Write a document as JSON, words, boxes and provenance included."""

from __future__ import annotations

import json

from ocrchat.model import Document
from ocrchat.model.codec import document_as_plain


def written(document: Document) -> bytes:
    """UTF-8 JSON of the whole document, indented for people."""
    text = json.dumps(document_as_plain(document), ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "replace")
