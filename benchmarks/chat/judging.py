"""Judge answers: the right page, the right span, refusals, and whether every quote stands in its page."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ocrchat.answers import Answer
from ocrchat.model import Page

MOST_ERRORS = 0.15
"""How much of a span may be misread by the engine, in letters; digits may not."""
LONGEST = 300
"""Characters of an answer; a longer one has not found the span, it has quoted the page."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is right of an answer; None where the question does not ask for it."""

    page: bool | None
    span: bool | None
    refused: bool | None
    verbatim: bool


def judged(answer: Answer, page: int | None, spans: tuple[str, ...], pages: tuple[Page, ...]) -> Judgement:
    """An answer to a question that `page` (from 1) answers with all of the spans; None for no page."""
    texts = {each.index + 1: each.text for each in pages}
    verbatim = all(each.snippet and each.snippet in texts[each.page] for each in answer.citations)
    if page is None:
        return Judgement(None, None, not answer.citations, verbatim)
    said = [each.snippet for each in answer.citations if each.page == page]
    is_short = len(answer.content) <= LONGEST
    found = is_short and all(
        any(says(text, span) for text in said) and says(answer.content, span) for span in spans
    )
    is_page = bool(answer.citations) and all(each.page == page for each in answer.citations)
    return Judgement(is_page, found, None, verbatim)


def says(text: str, span: str) -> bool:
    """Whether a text says a span: its digits in one piece, its letters but for a few that were misread."""
    wanted, found = _folded(span), _folded(text)
    if wanted in found:
        return _stands_alone(wanted, found)
    numbers = re.findall(r"\d+", wanted)
    if any(number not in re.findall(r"\d+", found) for number in numbers):
        return False
    return _errors_within(wanted, found) <= MOST_ERRORS * len(wanted)


def _stands_alone(wanted: str, found: str) -> bool:
    """Whether a number is not but a part of another: 4 is not in 42."""
    edge = re.escape(wanted)
    left = r"(?<!\d)" if wanted[0].isdigit() else ""
    right = r"(?!\d)" if wanted[-1].isdigit() else ""
    return bool(re.search(left + edge + right, found))


def _folded(text: str) -> str:
    """One case and form, without spaces but for those that part two numbers."""
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", unicodedata.normalize("NFKC", text).casefold())


def _errors_within(wanted: str, found: str) -> int:
    """The least edit distance of `wanted` to any part of `found` (Sellers, J. Algorithms 1980)."""
    row = list(range(len(wanted) + 1))
    best = row[-1]
    for letter in found:
        previous, row[0] = row[0], 0
        for at in range(1, len(row)):
            cost = min(previous + (wanted[at - 1] != letter), row[at] + 1, row[at - 1] + 1)
            previous, row[at] = row[at], cost
        best = min(best, row[-1])
    return best
