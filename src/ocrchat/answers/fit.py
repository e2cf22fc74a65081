"""Judge how well a fact answers a question; a poor fit is no answer."""

from __future__ import annotations

from dataclasses import dataclass

from ocrchat.answers.facts import Fact, Shape
from ocrchat.answers.names import names_in
from ocrchat.answers.question import Question, Term
from ocrchat.answers.speech import Speech, SpokenPage, share, unexplained
from ocrchat.answers.values import KINDS, has_value, values_in

LEAST = {Shape.ENTRY: 0.62, Shape.CELL: 0.62, Shape.ITEMS: 0.7, Shape.SENTENCE: 0.66}
"""How much of a question a fact must speak of, by weight, to be its answer."""

LEAST_WITH_FORM = 0.52
"""The same for a sentence with a value of the very kind that is asked for."""
TELLING = frozenset({"email", "url", "iban"})
TELLING_CONCEPTS = frozenset({"email", "website", "iban", "address", "number"})
"""Values whose form alone tells what they are, and the concepts they may be asked by."""

MONEY = frozenset({"amount", "cost", "fee", "price", "rent", "salary", "subtotal", "total"})
"""Heads of columns whose bare numbers are amounts."""

_PRICES, _AMOUNTS = frozenset({"price", "cost"}), frozenset({"amount", "total"})
_OTHER_HEAD = 0.15
"""What a cell loses whose column is called by another thing than what is asked for."""

_BY_FORM = 0.9
_NEAR = 0.65
"""What a term counts that is only said near the label: in its heading, or just before."""
_LONG = 300
_LOOKED_AT = 1500
"""Characters of a value in which its kind is looked for."""
_LESS_TELLING = 20
"""Characters that a less telling kind of value counts further: an amount of money before a bare number."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How much of the question a fact speaks of, 0 to 1, and by what it is ranked among those that fit."""

    coverage: float
    score: float


def fit_of(question: Question, fact: Fact, page: SpokenPage, all_of_it: frozenset[str]) -> Fit | None:
    """How a fact fits; None where it does not answer. `all_of_it` are the concepts its document names."""
    if not has_its_kind(question, fact, page):
        return None
    label = page.of(*fact.about)
    focused = [term for term in question.terms if term.concepts & question.focus]
    tells_itself = bool(question.gives & TELLING) and question.focus <= TELLING_CONCEPTS
    if focused and not tells_itself and not any(share(term, label) > 0.7 for term in focused):
        return None
    near, value = page.of(*fact.near), page.of(fact.value)
    weight = sum(term.weight for term in question.terms)
    said = 0.0
    for term in question.terms:
        by_form = term.is_generic or (tells_itself and term in focused)
        said += term.weight * max(_BY_FORM if by_form else 0.0, _said(term, label, near, value, all_of_it))
    if fact.shape is Shape.CELL and not _names_its_row(question, label, value):
        return None
    own = [term for term in question.terms if share(term, label) or share(term, value)]
    least = (
        LEAST_WITH_FORM if fact.shape is Shape.SENTENCE and question.gives & set(KINDS) else LEAST[fact.shape]
    )
    if not weight or not (own or tells_itself) or said / weight < least:
        return None
    return Fit(said / weight, said / weight + _clarity(question, fact, page))


def _names_its_row(question: Question, label: Speech, value: Speech) -> bool:
    """Whether a cell's row is one of those asked for, where any is: a column alone answers nothing."""
    subjects = [term for term in question.terms if not term.concepts]
    return not subjects or any(share(term, label) or share(term, value) for term in subjects)


def _is_in_money(question: Question, fact: Fact, page: SpokenPage) -> bool:
    """Whether a bare number of a table is an amount: its column's head says so."""
    if fact.shape is not Shape.CELL or "money" not in question.gives or not fact.labels:
        return False
    return bool(page.of(fact.labels[-1]).concepts & MONEY)


def _said(term: Term, label: Speech, near: Speech, value: Speech, all_of_it: frozenset[str]) -> float:
    if term.is_kind:
        return 1.0 if term.concepts & all_of_it else 0.5
    return max(share(term, label), _NEAR * share(term, near), 0.8 * share(term, value))


def _clarity(question: Question, fact: Fact, page: SpokenPage) -> float:
    """What tells equals apart: clear shapes before sentences, labels that say nothing else before others."""
    rest = unexplained(page.of(*fact.about), question.terms, fact.page.language)
    telling = sorted(question.gives & set(KINDS), key=KINDS.index)[:1]
    rest -= bool(telling) and has_value(fact.page.said(fact.value), telling)
    if fact.shape is Shape.SENTENCE:
        return -min(0.2, 0.01 * rest) - min(0.2, _distance(question, fact, page) / 200)
    other = _OTHER_HEAD if _is_under_a_like_head(question, fact, page) else 0.0
    return 0.25 - 0.04 * fact.shape - min(0.3, 0.06 * rest) - other


def _is_under_a_like_head(question: Question, fact: Fact, page: SpokenPage) -> bool:
    """Whether a cell is an amount where a price is asked: what a row comes to is not the price of one."""
    if fact.shape is not Shape.CELL or not fact.labels:
        return False
    head = page.of(fact.labels[-1]).concepts
    asks_price = any("price" in term.concepts for term in question.terms)
    return asks_price and bool(head & _AMOUNTS) and not head & _PRICES


def _distance(question: Question, fact: Fact, page: SpokenPage) -> int:
    """Characters between what a sentence says and of what: the nearest value and word of the focus."""
    text = fact.page.said(fact.value)
    start = fact.value[0]
    named = [(one - start, other - start) for one, other in page.named(question.focus, fact.value)]
    kinds = sorted(question.gives & set(KINDS), key=KINDS.index)
    values = [(rank, value) for rank, kind in enumerate(kinds) for value in values_in(text, [kind])]
    values += [(0, value) for value in names_in(text)] if "person" in question.gives else []
    gaps = [
        _LESS_TELLING * rank + max(0, value[0] - name[1], name[0] - value[1])
        for name in named
        for rank, value in values
    ]
    return min(gaps, default=0)


def has_its_kind(question: Question, fact: Fact, page: SpokenPage) -> bool:
    """Whether a value is of a kind that is asked for, as far as its form can tell."""
    text = fact.page.said(fact.value)[:_LOOKED_AT]
    formed = question.gives & set(KINDS)
    if formed:
        kinds = formed | ({"number"} if _is_in_money(question, fact, page) else set())
        return has_value(text, kinds) and (fact.shape is not Shape.ITEMS or len(text) < _LONG)
    if question.gives & {"person", "place"} and page.is_named_all(fact.value):
        return False
    if "person" in question.gives and fact.shape is Shape.SENTENCE:
        return any(True for _ in names_in(text))
    if question.gives & {"person", "place", "list"}:
        letters = sum(each.isalpha() for each in text)
        return letters >= 2 and letters * 3 > len(text.replace(" ", ""))
    return bool(text.strip())
