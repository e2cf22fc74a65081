"""Quote a page: its own words, where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocrchat.answers.facts import Fact, Shape
from ocrchat.answers.printed import PrintedPage, Span
from ocrchat.model import Box


@dataclass(frozen=True, slots=True)
class Citation:
    """What a page says, word for word; `page` counts from 1. One box for each printed line of it."""

    page: int
    snippet: str
    boxes: tuple[Box, ...]


def citations_of(fact: Fact) -> tuple[Citation, ...]:
    """The quotes of a fact, as the page's stored text has them."""
    return tuple(citation(fact.page, span) for span in fact.quotes)


def citation(page: PrintedPage, span: Span) -> Citation:
    """A span of a page as a citation."""
    return Citation(page.index + 1, page.said(span), page.boxes(span))


def told(fact: Fact) -> str:
    """The fact as an answer says it, with its page: "Total: 12 EUR (p. 1)"."""
    said = fact.page.said
    if fact.shape is Shape.SENTENCE or (len(fact.quotes) == 1 and fact.shape is Shape.ENTRY):
        text = said(fact.quotes[0])
    else:
        label = ", ".join(_on_one_line(said(span)).rstrip(":： ") for span in fact.labels)
        text = f"{label}: {said(fact.value)}" if label else said(fact.value)
    return f"{_on_one_line(text)} (p. {fact.page.index + 1})"


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()
