"""Believe a language model only what the document bears out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from ocrchat.answers.answer import Answer
from ocrchat.answers.folding import folded, span_of_quote
from ocrchat.answers.lexicon import not_found
from ocrchat.answers.numbers import unfounded_numbers
from ocrchat.answers.printed import PrintedPage
from ocrchat.answers.question import understood
from ocrchat.answers.quotes import Citation, citation
from ocrchat.answers.values import has_value

MOST_QUOTES, LONGEST_QUOTE, LONGEST_ANSWER = 12, 600, 2000
_ADDRESS = re.compile(
    r"(?:https?:|www\.|data:|javascript:)\S+|[\w.+-]+@[\w-]+\.\w+|\b\w+\.(?:com|net|org|io|dev)\b\S*"
)
_MARKUP = re.compile(r"!\[|\]\(|<\s*[/!a-zA-Z|]|`{3}|\|>")
_LOUD = re.compile(r"\b[^\W\d_]*[A-Z]{2,}[^\W_]*\b|\b\w*[^\W\d_]\w*\d\w*\b")
_INNER_WORD = re.compile(r"(?<=[\w,;:] )[^\W\d_]{3,}")
_PAGE = re.compile(r"\s*[(\[]p(?:age|\.)?\s*\d+[)\]]", re.IGNORECASE)
_STRICT = frozenset({"date", "email", "iban", "money", "percent", "phone", "time", "url"})
"""Kinds of value that are hardly ever said in words."""
_TELLING = 40
"""So many characters of what is hidden, in one piece, give it away."""


def grounded(reply: str, question: str, pages: Sequence[PrintedPage], hidden: Sequence[str]) -> Answer | None:
    """What of a reply may be shown; None for one that is not of the schema.

    Quotes that no page says are dropped, and those without a value where only values can answer ("how
    much"); without a quote the document does not say. If the answer's own words hold no such value, or say
    a number, a name, an address or something hidden that no quote bears out, the quotes themselves are the
    answer.
    """
    said = _parsed(reply)
    if said is None:
        return None
    answer, wanted = said
    kinds = _kinds_asked(question)
    citations = tuple(
        each for each in dict.fromkeys(_located(wanted, pages)) if not kinds or has_value(each.snippet, kinds)
    )
    if not citations:
        return Answer(not_found(understood(question)[0].languages))
    plain = _PAGE.sub("", answer).strip()
    sources = "\n".join([*(each.snippet for each in citations), question])
    says_none = kinds and not has_value(plain, kinds)
    if not plain or says_none or not is_borne_out(plain, sources, hidden):
        lines = [f"{' '.join(each.snippet.split())} (p. {each.page})" for each in citations]
        return Answer("\n".join(lines), citations)
    numbers = " ".join(f"(p. {page})" for page in sorted({each.page for each in citations}))
    return Answer(f"{plain} {numbers}", citations)


def is_borne_out(answer: str, sources: str, hidden: Sequence[str]) -> bool:
    """Whether sources hold each number, name, address and shout of an answer, and it tells nothing hidden."""
    if _MARKUP.search(answer) or len(answer) > LONGEST_ANSWER or unfounded_numbers(answer, sources):
        return False
    known = folded(sources).text
    claims = [match[0] for kind in (_ADDRESS, _LOUD) for match in kind.finditer(answer)]
    claims += [match[0] for match in _INNER_WORD.finditer(answer) if match[0][0].isupper()]
    if any(folded(claim.strip(".,;:")).text not in known for claim in claims):
        return False
    told = folded(answer).text
    return not any(_gives_away(told, folded(each).text) for each in hidden)


def _kinds_asked(question: str) -> frozenset[str]:
    """The kinds of value of which every quote must hold one; none where anything else may answer too."""
    gives = [each.gives for each in understood(question)]
    return frozenset().union(*gives) if all(each and each <= _STRICT for each in gives) else frozenset()


def _gives_away(told: str, secret: str) -> bool:
    length = min(_TELLING, len(secret))
    return any(secret[at : at + length] in told for at in range(len(secret) - length + 1))


def _parsed(reply: str) -> tuple[str, list[tuple[int, str]]] | None:
    """The answer and its quotes by page, from 1; no quotes where it says that nothing was found."""
    try:
        said: Any = json.loads(reply)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("found"), bool):
        return None
    answer, quotes = said.get("answer"), said.get("quotes")
    if not isinstance(answer, str) or not isinstance(quotes, list):
        return None
    if not said["found"]:
        return answer, []
    wanted = [
        (each["page"], each["quote"])
        for each in quotes[:MOST_QUOTES]
        if isinstance(each, dict) and isinstance(each.get("page"), int) and isinstance(each.get("quote"), str)
    ]
    return answer, [(page, quote) for page, quote in wanted if len(quote) <= LONGEST_QUOTE]


def _located(wanted: Sequence[tuple[int, str]], pages: Sequence[PrintedPage]) -> Iterator[Citation]:
    """Where the pages say the quotes: on the page that is named, else on the first that says it."""
    sources = [(page, folded(page.text)) for page in pages]
    for number, quote in wanted:
        for page, source in sorted(sources, key=lambda each: each[0].index + 1 != number):
            if span := span_of_quote(page.text, source, quote):
                yield citation(page, span)
                break
