"""Read the word lists of this folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ocrchat.answers.words import words_of


@cache
def read_list(name: str) -> dict[str, Any]:
    """One of this folder's files, as it stands."""
    text = files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(text, yaml.CSafeLoader))


@cache
def stop_words() -> Mapping[str, frozenset[str]]:
    """By language: words that say nothing of what is asked for, in search form."""
    return {
        language: frozenset(part.form for word in line.split() for part in words_of(word))
        for language, line in read_list("stop").items()
    }


@cache
def month_names() -> tuple[str, ...]:
    """The months' names in every language, short forms too, the longest first."""
    names = {
        name.strip()
        for line in read_list("calendar").values()
        for month in line.split(",")
        for name in month.split("/")
    }
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


@cache
def time_units() -> tuple[str, ...]:
    """Units of time in every language, the longest first."""
    units = {unit.strip() for line in read_list("units").values() for unit in line.split(",")}
    return tuple(sorted(units, key=lambda unit: (-len(unit), unit)))


@cache
def joining_words(languages: frozenset[str]) -> frozenset[str]:
    """Words that join, of those languages, in search form."""
    lines = [line for language, line in read_list("joining").items() if language in languages]
    return frozenset(word.form for line in lines for word in words_of(line))


@cache
def alike(concept: str) -> frozenset[str]:
    """The concepts that a document may name instead of this one."""
    return frozenset(read_list("alike").get(concept, "").split())


def not_found(languages: Collection[str]) -> str:
    """That a document does not say what was asked; in English where several languages may be meant."""
    phrases = read_list("phrases")
    known = [language for language in languages if language in phrases]
    return str(phrases[known[0] if len(known) == 1 else "en"])
