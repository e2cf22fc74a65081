"""Run the lines of a block on, as text that is laid out anew."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ocrchat.exports.clean import cleaned
from ocrchat.model import Block, Line
from ocrchat.model.flow import unbroken
from ocrchat.model.spans import Span, between, spans_of_line

_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]+)([-\u2010\u00ad])$")
_REST = re.compile(r"[^\W\d_]+")


def spans_of(block: Block, *, spaced: bool = True, words: Collection[str] = ()) -> tuple[Span, ...]:
    """The block's text as one flow, in stretches of one style.

    Lines that were broken to fit run on, with a space where the script has spaces; others keep their
    end: those that leave more room at the right than the next line's first word would have taken. A word that
    a line's end broke is whole where it is among `words`, the document's own in small letters.
    """
    if not block.lines:
        return (Span(cleaned(block.text)),) if block.text else ()
    return _merged(_pieces(block.lines, spaced, words))


def flowing_text(block: Block, *, spaced: bool = True) -> str:
    """The same without styles."""
    return "".join(span.text for span in spans_of(block, spaced=spaced))


def _pieces(lines: tuple[Line, ...], spaced: bool, words: Collection[str]) -> Iterator[Span]:
    column = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    for place, line in enumerate(lines):
        spans = [_harmless(span) for span in spans_of_line(line)]
        if place + 1 == len(lines):
            yield from spans
            continue
        following = lines[place + 1]
        gap = between(line, following, column, spaced=spaced)
        whole = _whole(line.text, following.text, words) if gap == " " else None
        if whole is None:
            yield from (*spans, Span(gap))
        else:
            yield from spans[:-1]
            yield Span(spans[-1].text[:-1] + whole, *spans[-1].style)


def _whole(text: str, following: str, words: Collection[str]) -> str | None:
    """What stands for the hyphen at a line's end: itself or nothing; None where it breaks no known word."""
    end, rest = _BROKEN.search(text), _REST.match(following)
    if end is None or rest is None:
        return None
    first, hyphen = end.groups()
    found = unbroken(first, hyphen, rest[0], words)
    return None if found is None else found[len(first) : len(found) - len(rest[0])]


def _harmless(span: Span) -> Span:
    link = "".join(cleaned(span.link).split()) if span.link else None
    return Span(cleaned(span.text), span.bold, span.italic, link)


def _merged(pieces: Iterator[Span]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for piece in pieces:
        if spans and (spans[-1].style == piece.style or piece.text.isspace()):
            before = spans[-1]
            spans[-1] = Span(before.text + piece.text, *before.style)
        elif piece.text:
            spans.append(piece)
    return tuple(spans)
