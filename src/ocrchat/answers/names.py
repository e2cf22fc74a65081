"""Find what may be a person's or a company's name, in scripts that have capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
_PARTICLES = frozenset(
    {"&", "al", "ben", "bin", "da", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "le"}
    | {"und", "van", "von", "y"}
)


def names_in(text: str) -> Iterator[tuple[int, int]]:
    """Where two or more capitalised words stand together, as offsets; the whole text in scripts without case.

    Initials count, and particles between them ("Ludwig van der Berg").
    """
    if not any(letter.isupper() or letter.islower() for letter in text):
        yield 0, len(text)
        return
    run: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        is_apart = bool(run) and text[run[-1][1] : match.start()].strip(" \n&") != ""
        is_capital = match[0][0].isupper()
        if is_apart or not (is_capital or (run and match[0].rstrip(".") in _PARTICLES)):
            yield from _closed(text, run)
            run = []
        if is_capital or run:
            run.append(match.span())
    yield from _closed(text, run)


def _closed(text: str, run: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    while run and not text[run[-1][0]].isupper():
        run.pop()
    if len(run) > 1:
        yield run[0][0], run[-1][1]
