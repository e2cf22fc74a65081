"""Answer a message from a document's own words, or say that it does not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocrchat.answers.facts import Fact, Shape, facts_of
from ocrchat.answers.fit import fit_of
from ocrchat.answers.lexicon import names_of, not_found
from ocrchat.answers.printed import printed
from ocrchat.answers.question import Question, leans, understood, with_context
from ocrchat.answers.quotes import Citation, citation, citations_of, told
from ocrchat.answers.rank import PageRanks
from ocrchat.answers.sentences import sentences_in
from ocrchat.answers.speech import SpokenPage
from ocrchat.answers.sums import amount_in, grown_from
from ocrchat.model import Page

MOST_PAGES = 8
"""Pages that are looked at closely: of a longer document, those that rank best."""
MOST_QUESTIONS = 6
"""Questions of one message that are answered; more are not looked at."""
MOST_SHOWN = 32
"""Pages of a long document that a model is shown at most."""
_EQUAL = 0.02
"""Fits that differ by less are as good."""
_TOTAL, _ADDED = "total", frozenset({"tax", "tax_rate", "shipping", "fee"})
"""What may be called the total before they are added."""
_OPENING = 3
"""Blocks that stand for the whole document when that is what is asked about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A message, and the one that was asked before it in the same conversation, if any."""

    message: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said in reply; without citations when the document does not say what was asked."""

    content: str
    citations: tuple[Citation, ...] = ()

    @property
    def is_found(self) -> bool:
        """Whether the document says it."""
        return bool(self.citations)


PagesAt = Callable[[Sequence[int]], Iterable[Page]]
"""Gives the pages at those places of the document, with their lines and words."""


def answer_of(asked: Asked, ranks: PageRanks, pages_at: PagesAt) -> Answer:
    """The answer to a message: what the document says of each thing that is asked, with its pages.

    `ranks` is the index of the document's pages; only the best of them are fetched and read closely.
    """
    return joined(parts_of(asked, ranks, pages_at))


def parts_of(asked: Asked, ranks: PageRanks, pages_at: PagesAt) -> Iterator[Answer]:
    """The lines of that answer, each as soon as it is found; they are told apart by line breaks.

    What is missing is told when something else was found, so that nothing at all is told once.
    """
    questions = understood(asked.message)[:MOST_QUESTIONS]
    earlier = understood(asked.before) if asked.before and leans(asked.message) else ()
    missing: list[Answer] = []
    told_of: dict[str, Answer] = {}
    for question in questions:
        pages = _pages_for([question, *earlier], ranks, pages_at)
        found = _opening(pages) if question.is_about_all else _found(question, earlier, pages)
        if found is None:
            missing.append(Answer(f"{question.name}: {not_found(question.languages)}"))
        elif found.content not in told_of:
            yield from missing
            missing.clear()
            told_of[found.content] = found
            yield found
    if told_of:
        yield from missing
    else:
        yield Answer(not_found(questions[0].languages))


def joined(parts: Iterable[Answer]) -> Answer:
    """Parts as one answer."""
    every = tuple(parts)
    citations = dict.fromkeys(citation for part in every for citation in part.citations)
    return Answer("\n".join(part.content for part in every), tuple(citations))


def places_to_show(asked: Asked, ranks: PageRanks, most: int) -> tuple[int, ...]:
    """The pages to put before a model that takes so many characters: all if they fit, else the best.

    In the document's order if all, the best first if not.
    """
    if ranks.characters <= most:
        return tuple(range(ranks.page_count))
    questions = [*understood(asked.message), *(understood(asked.before) if asked.before else ())]
    return ranks.best(_wanted(questions), MOST_SHOWN)


def _pages_for(questions: Sequence[Question], ranks: PageRanks, pages_at: PagesAt) -> tuple[SpokenPage, ...]:
    if ranks.page_count <= MOST_PAGES or questions[0].is_about_all:
        places: Sequence[int] = range(min(MOST_PAGES, ranks.page_count))
    else:
        places = ranks.best(_wanted(questions), MOST_PAGES)
    return tuple(SpokenPage(printed(page)) for page in pages_at(places))


def _wanted(questions: Sequence[Question]) -> dict[str, float]:
    """What to look for, with weights: each term, and every name of what it may mean."""
    wanted: dict[str, float] = {}
    for term in [term for question in questions for term in question.terms]:
        wanted[term.form] = max(wanted.get(term.form, 0.0), term.weight)
        for concept in term.concepts:
            for name in names_of(concept):
                wanted.setdefault(name, 0.5 * term.weight)
    return wanted


def _found(question: Question, earlier: Sequence[Question], spoken: Sequence[SpokenPage]) -> Answer | None:
    readings = [*(with_context(question, each) for each in earlier), question]
    for reading in readings:
        if best := _best(reading, spoken):
            citations = dict.fromkeys(each for fact in best for each in citations_of(fact))
            return Answer("; ".join(dict.fromkeys(map(told, best))), tuple(citations))
    return None


def _best(question: Question, spoken: Sequence[SpokenPage]) -> tuple[Fact, ...]:
    """The fact that fits best; of equals the first, but the cells of one row that fit as well too."""
    all_of_it = frozenset().union(*(page.concepts for page in spoken))
    fits = [
        (fact, fit)
        for page in spoken
        for fact in facts_of(page.page)
        if (fit := fit_of(question, fact, page, all_of_it))
    ]
    if not fits:
        return ()
    best, fit = max(fits, key=lambda each: each[1].score)
    if _TOTAL in question.focus and (larger := _grown(best, spoken)):
        return (larger,)
    beside = [
        fact
        for fact, other in fits
        if best.shape is fact.shape is Shape.CELL
        and fact.quotes == best.quotes
        and abs(other.score - fit.score) < _EQUAL
    ]
    return tuple(dict.fromkeys((best, *beside)))


def _grown(total: Fact, spoken: Sequence[SpokenPage]) -> Fact | None:
    """What a sum before tax grows to on its page, if it is one: some documents call that the total too."""
    amount = amount_in(total.page.said(total.value))
    if amount is None or total.shape is Shape.SENTENCE:
        return None
    added: set[Decimal] = set()
    larger: dict[Decimal, Fact] = {}
    for page in (each for each in spoken if each.page is total.page):
        for fact in facts_of(page.page):
            found = amount_in(page.page.said(fact.value))
            if found is not None and fact.shape in (Shape.ENTRY, Shape.CELL):
                if page.of(*fact.about).concepts & _ADDED:
                    added.add(found)
                elif found > amount:
                    larger.setdefault(found, fact)
    grown = grown_from(amount, added, larger)
    return larger[grown] if grown is not None else None


def _opening(spoken: Sequence[SpokenPage]) -> Answer | None:
    """How the document begins: what it is about, in its own words."""
    for page in [each.page for each in spoken]:
        spans = [
            span
            for block in page.blocks[:_OPENING]
            for span in list(sentences_in(page.text, block.start, block.end))[:2]
        ]
        if spans:
            citations = tuple(citation(page, span) for span in spans)
            lines = " ".join(each.snippet.replace("\n", " ") for each in citations)
            return Answer(f"{lines} (p. {page.index + 1})", citations)
    return None
