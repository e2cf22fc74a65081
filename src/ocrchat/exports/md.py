"""Write a document as Markdown."""

from __future__ import annotations

from ocrchat.model import Document


def written(document: Document) -> bytes:
    """The document's Markdown, ended by a line feed."""
    return (document.markdown + "\n").encode("utf-8", "replace")
