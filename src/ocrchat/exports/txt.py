"""Write a document as plain text: UTF-8, a form feed between pages."""

from __future__ import annotations

from ocrchat.model import Document


def written(document: Document) -> bytes:
    """The pages' texts in order, each ended by a line feed; a page without text leaves its form feed."""
    return ("\n\f".join(page.text for page in document.pages) + "\n").encode("utf-8", "replace")
