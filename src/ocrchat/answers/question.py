"""Understand a question as far as an extract needs it: what is looked for, and what kind of value answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocrchat.answers.lexicon import Concept, Hit, hits_in, joining_words, longest, stop_words
from ocrchat.answers.values import KINDS
from ocrchat.answers.words import Word, words_of

_SURE = 3
"""When a question may be in more languages than so many, names of every language are believed."""
_GENERIC = frozenset(
    {"amount", "cost", "date", "deadline", "duration", "meeting", "month", "name", "number", "percentage"}
    | {"place", "price", "quantity", "time", "year"}
)
"""What a value's own form tells, so that its surroundings need not: beside other things it counts little."""
_GENERIC_WEIGHT, _KIND_WEIGHT = 0.3, 0.2
_END = re.compile(r"[?？؟;；]|[。!.](?=\s|$)")
_LEANING = 4
"""A message of so few words may lean on the one before."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that the answer's surroundings should speak of, and how much that matters.

    `form` is the word, in search form, or the run of an unspaced script; `concepts` what it may mean.
    `is_kind` for what the document is ("this invoice"), which it need not say beside each value;
    `is_generic` for what a value's form says already ("how much does the lamp cost").
    """

    form: str
    weight: float
    concepts: frozenset[str] = frozenset()
    is_run: bool = False
    is_kind: bool = False
    is_generic: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    `gives` are the kinds of value that may answer, none for any text; `focus` the concepts that the
    value must be of. `name` is how the asker called it; `languages` those it may be asked in.
    """

    name: str
    terms: tuple[Term, ...]
    gives: frozenset[str]
    focus: frozenset[str]
    languages: frozenset[str]

    @property
    def is_about_all(self) -> bool:
        """Whether nothing but the document itself is asked about."""
        return bool(self.terms) and all(term.is_kind for term in self.terms) and not self.gives


def understood(text: str) -> tuple[Question, ...]:
    """The questions of a message: one, or several where it asks for several things ("total and due date")."""
    spoken = _languages(list(words_of(text)))
    parts = [question for clause in _clauses(text, spoken) for question in _of_clause(clause, spoken)]
    return tuple(part for part in parts if part.terms) or tuple(parts[:1])


def _clauses(text: str, spoken: frozenset[str]) -> list[str]:
    """A message cut where one question ends and the next begins: "the total, and when is it due?"."""
    words = list(words_of(text))
    asking = {hit.start for hit in _hits(words, spoken) if hit.concept.is_asking}
    joining = joining_words(spoken)
    cuts = [
        word.start for word, after in pairwise(words[1:]) if word.form in joining and after.start in asking
    ]
    cuts += [found.end() for found in _END.finditer(text)]
    edges = [0, *sorted(cuts), len(text)]
    return [part for one, other in pairwise(edges) if (part := text[one:other].strip())] or [text]


def _of_clause(text: str, spoken: frozenset[str]) -> tuple[Question, ...]:
    words = list(words_of(text))
    hits = _hits(words, spoken)
    asked = frozenset(kind for hit in hits if hit.concept.is_asking for kind in hit.concept.gives)
    named: dict[tuple[int, int], list[Concept]] = {}
    for hit in hits:
        if not hit.concept.is_asking and not _is_stop(hit, words, spoken):
            named.setdefault((hit.start, hit.end), []).append(hit.concept)
    for place, concepts in named.items():
        # "By when is it to be paid" names a date, "how much is to be paid" a sum, by the same words.
        named[place] = [each for each in concepts if set(each.gives) & asked] or concepts
    taken = [(hit.start, hit.end) for hit in hits]
    literals = tuple(_literals(text, words, taken, spoken))
    places = list(named)
    together = _joined(text, places, named, joining_words(spoken))
    if not together:
        return (_question(text, places, named, literals, asked, spoken),)
    shared = [place for place in places if place not in together]
    return tuple(
        _question(text, [*shared, place], named, literals, asked & _kinds(named[place]), spoken, place)
        for place in together
    )


def leans(text: str) -> bool:
    """Whether a message may go on from the one before: it is short, or begins with a word that joins."""
    words = list(words_of(text))
    return bool(words) and (len(words) <= _LEANING or words[0].form in joining_words(_languages(words)))


def with_context(question: Question, earlier: Question) -> Question:
    """A question that goes on from an earlier one: what it doesn't say is what the earlier one said.

    Without a concept of its own it is after the earlier one's; without a subject of its own it is of the
    earlier one's. What is carried counts half.
    """
    has_concept = any(term.concepts and not term.is_kind for term in question.terms)
    has_literal = any(not term.concepts for term in question.terms)
    carried = tuple(
        replace(term, weight=term.weight / 2)
        for term in earlier.terms
        if (not has_concept if term.concepts and not term.is_kind else not has_literal and not term.is_kind)
    )
    return replace(
        question,
        terms=question.terms + carried,
        gives=question.gives or (earlier.gives if not has_concept else frozenset()),
        focus=question.focus or (earlier.focus if not has_concept else frozenset()),
    )


def _hits(words: Sequence[Word], spoken: frozenset[str]) -> list[Hit]:
    """The names in a question, of its own language or English; what is a way to ask names nothing else."""
    believed = spoken | {"en"} if len(spoken) <= _SURE else None
    hits = longest(hit for hit in hits_in(words) if believed is None or hit.language in believed)
    asking = {(hit.start, hit.end) for hit in hits if hit.concept.is_asking}
    return [hit for hit in hits if hit.concept.is_asking or (hit.start, hit.end) not in asking]


def _joined(
    text: str,
    places: Sequence[tuple[int, int]],
    named: dict[tuple[int, int], list[Concept]],
    joining: frozenset[str],
) -> list[tuple[int, int]]:
    """The names of valued things that only a conjunction parts: each is asked for by itself."""
    valued = [place for place in places if _kinds(named[place])]
    pairs = [
        (one, other) for one, other in pairwise(valued) if _is_conjunction(text[one[1] : other[0]], joining)
    ]
    return sorted({place for pair in pairs for place in pair})


def _is_conjunction(text: str, joining: frozenset[str]) -> bool:
    """Whether a text between two names only joins them, an article aside."""
    parts = [word.form for word in words_of(text)]
    known = joining | frozenset().union(*stop_words().values())
    joins = any(part in joining for part in parts) or text.strip() in {",", "،", "、", "，"}
    return joins and len(parts) <= 2 and all(part in known for part in parts)


def _question(
    text: str,
    places: Sequence[tuple[int, int]],
    named: dict[tuple[int, int], list[Concept]],
    literals: tuple[Term, ...],
    asked: frozenset[str],
    spoken: frozenset[str],
    name: tuple[int, int] | None = None,
) -> Question:
    concepts = tuple(_concept_term(text[slice(*place)], named[place]) for place in places)
    specific = [term for term in concepts if not term.is_generic and not term.is_kind]
    is_sole = not specific and not literals
    terms = tuple(
        replace(term, weight=1.0, is_generic=False) if term.is_generic and is_sole else term
        for term in concepts
    )
    generic = frozenset(
        kind
        for place, term in zip(places, terms, strict=True)
        if term.is_generic
        for kind in _kinds(named[place])
    )
    asked = asked or generic  # "the date of the notice" is a date, whatever else it speaks of
    valued = [
        place
        for place, term in zip(places, terms, strict=True)
        if _fits(_kinds(named[place]), asked) and not term.is_generic
    ]
    if not asked and not valued:
        asked = frozenset(kind for place in places for kind in _kinds(named[place]))
    gives, focus = asked, frozenset[str]()
    if valued:
        # What is asked for has a form more often than what it is asked of: "the date of the meeting".
        chosen = name or min(valued, key=lambda place: _rank(_kinds(named[place])))
        gives = _kinds(named[chosen]) if not asked else _kinds(named[chosen]) | asked
        focus = frozenset(concept.name for concept in named[chosen])
    called = text[slice(*name)] if name else text.strip()
    return Question(called, tuple(dict.fromkeys((*terms, *literals))), gives - {"text"}, focus, spoken)


_COUNTABLE = frozenset({"money", "number", "percent", "duration"})


def _fits(kinds: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether a thing with such values may be what is asked for: a date when it is "when"."""
    return bool(kinds) and (
        not asked or bool(kinds & asked) or bool(kinds & _COUNTABLE and asked & _COUNTABLE)
    )


def _kinds(concepts: Iterable[Concept]) -> frozenset[str]:
    return frozenset(kind for concept in concepts for kind in concept.gives)


def _rank(kinds: frozenset[str]) -> int:
    return min((KINDS.index(kind) if kind in KINDS else len(KINDS) for kind in kinds), default=99)


def _concept_term(text: str, concepts: Sequence[Concept]) -> Term:
    form = " ".join(word.form for word in words_of(text))
    is_kind = all(concept.is_kind for concept in concepts)
    is_run = any(word.is_run for word in words_of(text))
    names = frozenset(concept.name for concept in concepts)
    is_generic = not is_kind and names <= _GENERIC
    weight = _KIND_WEIGHT if is_kind else _GENERIC_WEIGHT if is_generic else 1.0
    return Term(form, weight, names, is_run, is_kind, is_generic)


def _literals(
    text: str, words: Sequence[Word], taken: Sequence[tuple[int, int]], spoken: frozenset[str]
) -> Iterator[Term]:
    """The words that are nobody's name and say something; names and numbers weigh most."""
    stop = frozenset().union(*(stop_words().get(language, frozenset()) for language in spoken))
    for place, word in enumerate(words):
        if word.is_run:
            for run in _rest_of_run(word, taken, stop):
                yield Term(run, min(1.0, 0.35 * len(run)), is_run=True)
        elif not any(start < word.end and word.start < end for start, end in taken) and word.form not in stop:
            if any(each.isdigit() for each in word.form):
                yield Term(word.form, 1.2)
            elif len(word.form) > 1 or not word.form.isascii():
                is_name = place > 0 and text[word.start].isupper()
                yield Term(word.form, 1.0 if is_name else 0.6)


def _rest_of_run(word: Word, taken: Sequence[tuple[int, int]], stop: frozenset[str]) -> Iterator[str]:
    """What is left of a run without names and little words, the longest of those first."""
    rest = "".join(
        "\0" if any(start <= word.start + at < end for start, end in taken) else letter
        for at, letter in enumerate(word.form)
    )
    for phrase in sorted((each for each in stop if len(each) > 1), key=len, reverse=True):
        rest = rest.replace(phrase, "\0" * len(phrase))
    little = "".join(each for each in stop if len(each) == 1)
    for part in rest.replace("的", "\0").replace("の", "\0").split("\0"):
        if len(trimmed := part.strip(little)) > 1:
            yield trimmed


def _languages(words: Sequence[Word]) -> frozenset[str]:
    """The languages that the question may be in: those whose little words it has most of; all if none."""
    votes: Counter[str] = Counter()
    for language, stop in stop_words().items():
        for word in words:
            if word.is_run:
                votes[language] += sum(len(each) for each in stop if each in word.form)
            elif word.form in stop:
                votes[language] += 1
    for hit in hits_in(words):
        if hit.concept.is_asking:
            votes[hit.language] += 1
    most = max(votes.values(), default=0)
    return frozenset(language for language in stop_words() if votes[language] == most)


def _is_stop(hit: Hit, words: Sequence[Word], spoken: frozenset[str]) -> bool:
    """Whether a name is but a little word of the question's own language ("no", "an", "re")."""
    inside = [word for word in words if hit.start <= word.start and word.end <= hit.end]
    return len(inside) == 1 and any(inside[0].form in stop_words()[language] for language in spoken)
