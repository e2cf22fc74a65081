"""Find in a text what it speaks of: totals, due dates, tenants, whatever they are called there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ocrchat.answers.lexicon.lists import read_list
from ocrchat.answers.words import Word, is_inflected, words_of

_FILES = ("money", "dates", "people", "codes", "things", "kinds", "asking")


@dataclass(frozen=True, slots=True)
class Concept:
    """Something documents are asked for.

    `gives` are the kinds of value that answer for it. `is_kind` is a kind of document ("invoice"),
    `is_asking` a way to ask ("when").
    """

    name: str
    gives: frozenset[str]
    is_kind: bool
    is_asking: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A concept's name in a text, as offsets; `language` is whose name it is.

    `is_exact` where it stands there letter for letter, not in another form.
    """

    concept: Concept
    start: int
    end: int
    language: str
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class _Name:
    """A concept's name: the search forms of its words; a single run for unspaced scripts."""

    concept: Concept
    forms: tuple[str, ...]
    language: str


def hits_in(words: Sequence[Word]) -> list[Hit]:
    """Every concept's name among a text's words, overlapping ones too, in the order of the text."""
    runs = _names()[1]
    found: list[Hit] = []
    for place, word in enumerate(words):
        if word.is_run:
            for at in range(len(word.form)):
                for name in runs.get(word.form[at : at + 2], ()) + runs.get(word.form[at], ()):
                    if word.form.startswith(name.forms[0], at) and len(word.form) == word.end - word.start:
                        start = word.start + at
                        found.append(Hit(name.concept, start, start + len(name.forms[0]), name.language))
            continue
        for name in _beginning_with(word.form):
            following = words[place : place + len(name.forms)]
            if len(following) == len(name.forms) and all(
                not each.is_run and is_inflected(each.form, form, loosely=True)
                for each, form in zip(following[1:], name.forms[1:], strict=True)
            ):
                is_exact = all(each.form == form for each, form in zip(following, name.forms, strict=True))
                found.append(Hit(name.concept, word.start, following[-1].end, name.language, is_exact))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=1 << 14)
def _beginning_with(form: str) -> tuple[_Name, ...]:
    """The names whose first word is that one, or a form of it."""
    spaced = _names()[0]
    return tuple(
        name
        for key in dict.fromkeys((_key(form), form))
        for name in spaced.get(key, ())
        if is_inflected(form, name.forms[0], loosely=len(name.forms) > 1)
    )


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that no longer one overlaps; several concepts may share the same place.

    Where one is named exactly there, those that are named in another form are not meant.
    """
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(
            hit.end <= other.start
            or other.end <= hit.start
            or (hit.start, hit.end) == (other.start, other.end)
            for other in kept
        ):
            kept.append(hit)
    exact = {(hit.start, hit.end) for hit in kept if hit.is_exact}
    meant = [hit for hit in kept if hit.is_exact or (hit.start, hit.end) not in exact]
    return sorted(meant, key=lambda hit: hit.start)


@cache
def names_of(concept: str) -> tuple[str, ...]:
    """Every name of a concept, in every language."""
    entry: dict[str, str] = next(
        (read_list(file)[concept] for file in _FILES if concept in read_list(file)), {}
    )
    lines = [line for language, line in entry.items() if language not in ("gives", "kind")]
    return tuple(dict.fromkeys(name.strip() for line in lines for name in line.split(",")))


@cache
def _names() -> tuple[dict[str, tuple[_Name, ...]], dict[str, tuple[_Name, ...]]]:
    """Every name by the first letters of its first word; spaced ones, and runs of unspaced scripts."""
    spaced: dict[str, dict[_Name, None]] = {}
    runs: dict[str, dict[_Name, None]] = {}
    for file in _FILES:
        for title, entry in read_list(file).items():
            gives = frozenset(str(entry.get("gives", "")).split())
            concept = Concept(title, gives, is_kind=bool(entry.get("kind")), is_asking=file == "asking")
            for language, names in entry.items():
                if language in ("gives", "kind"):
                    continue
                for text in names.split(","):
                    words = tuple(words_of(text))
                    if len(words) == 1 and words[0].is_run:
                        runs.setdefault(words[0].form[:2], {})[_Name(concept, (words[0].form,), language)] = (
                            None
                        )
                    elif words and not any(word.is_run for word in words):
                        name = _Name(concept, tuple(word.form for word in words), language)
                        spaced.setdefault(_key(name.forms[0]), {})[name] = None
    return (
        {key: tuple(names) for key, names in spaced.items()},
        {key: tuple(names) for key, names in runs.items()},
    )


def _key(form: str) -> str:
    """What inflected forms of a word share: its first three letters, of Hangul the first two."""
    return form[:2] if form[:1] >= "\uac00" and form[:1] <= "\ud7a3" else form[:3]
