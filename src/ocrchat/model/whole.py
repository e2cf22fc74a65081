"""A document as it was read: its pages, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.model.document import EngineStamp, Note, Page
from ocrchat.model.flow import ground_of, markdown_of_pages


@dataclass(frozen=True, slots=True)
class Document:
    """All pages that were asked for, those that could not be read included."""

    pages: tuple[Page, ...]
    engine: EngineStamp | None = None
    notes: tuple[Note, ...] = ()

    @property
    def text(self) -> str:
        """The pages' texts with an empty line between them."""
        return "\n\n".join(page.text for page in self.pages if page.text)

    @property
    def markdown(self) -> str:
        """The pages' Markdown as one flow: see `flow.markdown_of_pages`."""
        return "\n\n".join(markdown_of_pages(self.pages, ground_of(self.pages)))

    @property
    def mean_confidence(self) -> float:
        """The mean confidence of all characters, 0 to 1; 0 for a document without text."""
        return mean_confidence(self.pages)

    @property
    def detected_languages(self) -> tuple[str, ...]:
        """The pages' languages, the most frequent first."""
        found = [page.language for page in self.pages if page.language]
        return tuple(sorted(set(found), key=lambda code: (-found.count(code), code)))


def mean_confidence(pages: tuple[Page, ...]) -> float:
    """The pages' confidence weighted by their characters; 0 when there are none."""
    characters = sum(len(page.text) for page in pages)
    return sum(page.confidence * len(page.text) for page in pages) / characters if characters else 0.0
