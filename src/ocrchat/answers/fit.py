"""Judge how well a fact answers a question; a poor fit is no answer."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.answers.facts import Fact, Shape
from ocrchat.answers.question import Question, Term
from ocrchat.answers.speech import Speech, share, speech_of, unexplained
from ocrchat.answers.values import KINDS, has_value

LEAST = {Shape.ENTRY: 0.62, Shape.CELL: 0.62, Shape.ITEMS: 0.7, Shape.SENTENCE: 0.66}
"""How much of a question a fact must speak of, by weight, to be its answer."""

_NEAR = 0.5
"""What a term counts that is only said near the label: in its heading, or just before."""
_LONG = 300


@dataclass(frozen=True, slots=True)
class Fit:
    """How much of the question a fact speaks of, 0 to 1, and by what it is ranked among those that fit."""

    coverage: float
    score: float


def fit_of(question: Question, fact: Fact, all_of_it: Speech) -> Fit | None:
    """How a fact fits; None where it does not answer. `all_of_it` is what its document speaks of."""
    if not _has_its_kind(question, fact):
        return None
    language = fact.page.language
    label, near = speech_of(fact.label, language), speech_of(fact.near, language)
    focused = [term for term in question.terms if term.concepts & question.focus]
    if focused and not any(share(term, label) > 0.7 for term in focused):
        return None
    value = speech_of(fact.page.said(fact.value), language)
    weight = sum(term.weight for term in question.terms)
    if not weight or not any(share(term, label) for term in question.terms):
        return None
    coverage = (
        sum(term.weight * _said(term, label, near, value, all_of_it) for term in question.terms) / weight
    )
    if coverage < LEAST[fact.shape]:
        return None
    return Fit(coverage, coverage + _clarity(question, fact, label))


def _said(term: Term, label: Speech, near: Speech, value: Speech, all_of_it: Speech) -> float:
    if term.is_kind:
        return 1.0 if share(term, all_of_it) else 0.5
    return max(share(term, label), _NEAR * share(term, near), 0.8 * share(term, value))


def _clarity(question: Question, fact: Fact, label: Speech) -> float:
    """What tells equals apart: clear shapes before sentences, labels that say nothing else before others."""
    rest = unexplained(label, question.terms, fact.page.language)
    if fact.shape is Shape.SENTENCE:
        return -min(0.2, 0.01 * rest)
    return 0.25 - 0.04 * fact.shape - min(0.3, 0.06 * rest)


def _has_its_kind(question: Question, fact: Fact) -> bool:
    text = fact.page.said(fact.value)
    formed = question.gives & set(KINDS)
    if formed:
        kinds = formed | ({"number"} if fact.shape is Shape.CELL and "money" in formed else set())
        return has_value(text, kinds) and (fact.shape is not Shape.ITEMS or len(text) < _LONG)
    if question.gives & {"person", "place", "list"}:
        letters = sum(each.isalpha() for each in text)
        return letters >= 2 and letters * 3 > len(text.replace(" ", ""))
    return bool(text.strip())
