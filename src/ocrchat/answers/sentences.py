"""Cut a block of text into sentences, and into lines where its lines are no sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？｡]+[」』”）]*|[؟۔।॥]+|(?<=\S)\n(?=\s*[-•*·–]\s)")
_LABELLED = re.compile(r"[^\n:：]{1,60}[:：](?!\d)")
_FULL = 0.7
"""A line so long, of its block's longest, may have been broken to fit; a shorter one ends where it ends."""
_LONGEST = 600
"""Characters of a sentence; a longer one is cut at a line's end."""


def sentences_in(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences between two places of a text, as offsets, without the space around them.

    A full stop after a number, an initial or a short abbreviation ends nothing when what follows goes
    on in lower case or with a digit.
    """
    cuts = {*_line_ends(text, start, end)}
    for match in _END.finditer(text, start, end):
        if not (match[0].startswith(".") and _goes_on(text, match.start(), match.end(), end)):
            cuts.add(match.end())
    for one, other in pairwise([start, *sorted(cuts), end]):
        yield from _pieces(text, one, other)


def _line_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where lines end that go not on in the next: short ones, and those of a label and its value."""
    lines = [(found.start(), found.end()) for found in re.finditer(r"[^\n]+", text[start:end])]
    longest = max((stop - begin for begin, stop in lines), default=0)
    for (begin, stop), (following, _) in pairwise(lines):
        goes_on = text[start + following].islower()
        is_short = stop - begin < _FULL * longest
        is_labelled = any(_LABELLED.match(text, start + at) for at in (begin, following))
        if not goes_on and (is_short or is_labelled):
            yield start + stop


def _goes_on(text: str, stop: int, after: int, end: int) -> bool:
    word = re.search(r"\S*$", text[max(0, stop - 20) : stop])
    before = word[0] if word else ""
    following = text[after:end].lstrip()[:1]
    if not following:
        return False
    is_short = len(before.rstrip(".")) <= 3 or "." in before
    if before[-1:].isdigit():
        return len(before) <= 2 and following.isalpha()
    return following.islower() or (is_short and (following.isdigit() or before[:1].isupper()))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cut = text.rfind("\n", start + 1, start + _LONGEST)
        cut = cut if cut > start else text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield from _stripped(text, start, cut)
        start = cut
    yield from _stripped(text, start, end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
