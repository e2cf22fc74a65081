"""Tell whether a text speaks of something, by a word, a form of it, or another name of the same thing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ocrchat.answers.lexicon import Hit, alike, hits_in, longest, stop_words
from ocrchat.answers.printed import READ_CLOSELY, PrintedPage, Span
from ocrchat.answers.question import Term
from ocrchat.answers.words import Word, is_inflected, words_of

_LONGEST = 1500
"""Characters of a part that are looked at."""
_ALIKE = 0.8
"""How far a text speaks of a thing when it names a like one: a price of a cost."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What a text speaks of: its words, its runs of unspaced scripts, the concepts it names."""

    words: tuple[str, ...]
    runs: str
    concepts: frozenset[str]


@dataclass(slots=True)
class SpokenPage:
    """A page's words and the concepts that are named in it, by their places; what spans of it speak of."""

    page: PrintedPage
    _words: tuple[Word, ...] = field(init=False)
    _hits: tuple[Hit, ...] = field(init=False)
    _known: dict[tuple[Span, ...], Speech] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Names of the page's language and of English are believed; of a page without one, all."""
        self._words = tuple(words_of(self.page.text[:READ_CLOSELY]))
        believed = {self.page.language, "en"} if self.page.language in stop_words() else None
        self._hits = tuple(
            sorted(
                (
                    hit
                    for hit in hits_in(self._words)
                    if not hit.concept.is_asking and (believed is None or hit.language in believed)
                ),
                key=lambda hit: hit.start,
            )
        )

    def of(self, *spans: Span) -> Speech:
        """What those parts of the page speak of."""
        if spans not in self._known:
            spans_read = [(start, min(end, start + _LONGEST)) for start, end in spans]
            words = [word for span in spans_read for word in within(self._words, span)]
            hits = [hit for span in spans_read for hit in longest(within(self._hits, span))]
            self._known[spans] = Speech(
                tuple(word.form for word in words if not word.is_run),
                "\0".join(_cut(word, spans_read) for word in words if word.is_run),
                frozenset(hit.concept.name for hit in hits),
            )
        return self._known[spans]

    def named(self, concepts: frozenset[str], span: Span) -> tuple[Span, ...]:
        """Where any of the concepts is named within a span."""
        return tuple((hit.start, hit.end) for hit in within(self._hits, span) if hit.concept.name in concepts)

    def is_named_all(self, span: Span) -> bool:
        """Whether a text is nothing but names of things, as a row of labels is."""
        hits = longest(within(self._hits, span))
        left = within(self._words, span)
        return bool(hits) and all(
            any(hit.start <= word.start and word.end <= hit.end for hit in hits) for word in left
        )

    @property
    def concepts(self) -> frozenset[str]:
        """All that is named anywhere on the page."""
        return frozenset(hit.concept.name for hit in self._hits)


Placed = TypeVar("Placed", Word, Hit)


def within(placed: Sequence[Placed], span: Span) -> list[Placed]:
    """Those of an ordered row that lie inside a span; a run of an unspaced script also partly."""
    first = max(0, bisect_left(placed, span[0], key=lambda each: each.start) - 1)
    last = bisect_left(placed, span[1], key=lambda each: each.start)
    return [each for each in placed[first:last] if _is_inside(each, span)]


def _is_inside(each: Word | Hit, span: Span) -> bool:
    if isinstance(each, Word) and each.is_run:
        return each.start < span[1] and span[0] < each.end
    return span[0] <= each.start and each.end <= span[1]


def _cut(word: Word, spans: Sequence[Span]) -> str:
    """The part of a run that lies in the spans; whole where its form is not as long as it is."""
    if len(word.form) != word.end - word.start:
        return word.form
    start, end = next(span for span in spans if word.start < span[1] and span[0] < word.end)
    return word.form[max(0, start - word.start) : max(0, end - word.start)]


def share(term: Term, speech: Speech) -> float:
    """How far a text speaks of a term: 1 by word or concept, 0 not at all.

    Less by a like concept, or by a part of an unspaced run.
    """
    if term.concepts & speech.concepts:
        return 1.0
    if term.is_run:
        literal = _share_of_run(term.form, speech.runs)
    else:
        parts = term.form.split()
        literal = float(all(any(is_inflected(word, part) for word in speech.words) for part in parts))
    is_alike = any(alike(concept) & speech.concepts for concept in term.concepts)
    return max(literal, _ALIKE if is_alike else 0.0)


def unexplained(speech: Speech, terms: tuple[Term, ...], language: str | None) -> int:
    """How many words of a text are neither little words nor any of the terms."""
    stop = stop_words().get(language or "en", frozenset()) | stop_words()["en"]
    known = [part for term in terms for part in term.form.split()]
    return sum(
        word not in stop and not any(is_inflected(word, part) for part in known) for word in speech.words
    )


def _share_of_run(form: str, runs: str) -> float:
    if form in runs:
        return 1.0
    pairs = [form[at : at + 2] for at in range(len(form) - 1)]
    found = sum(pair in runs for pair in pairs) / len(pairs) if pairs else 0.0
    return 0.8 * found if found >= 0.5 else 0.0
