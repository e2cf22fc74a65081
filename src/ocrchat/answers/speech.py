"""Tell whether a text speaks of something, by a word, a form of it, or another name of the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ocrchat.answers.lexicon import alike, hits_in, longest, stop_words
from ocrchat.answers.question import Term
from ocrchat.answers.words import is_inflected, words_of

_SHORT = 4
"""A name of so few ASCII letters is believed only in a text of its own language, or in English."""

_ALIKE = 0.8
"""How far a text speaks of a thing when it names a like one: a price of a cost."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What a text speaks of: its words, its runs of unspaced scripts, the concepts it names."""

    words: tuple[str, ...]
    runs: str
    concepts: frozenset[str]


@lru_cache(maxsize=1 << 13)
def speech_of(text: str, language: str | None) -> Speech:
    """What a text in that language speaks of."""
    words = list(words_of(text))
    hits = longest(
        hit
        for hit in hits_in(words)
        if not hit.concept.is_asking
        and (
            hit.end - hit.start > _SHORT
            or not text[hit.start : hit.end].isascii()
            or hit.language in (language, "en")
            or language is None
        )
    )
    return Speech(
        tuple(word.form for word in words if not word.is_run),
        "\0".join(word.form for word in words if word.is_run),
        frozenset(hit.concept.name for hit in hits),
    )


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
