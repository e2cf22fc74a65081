"""Run the lines of a block on, as text that is laid out anew."""

from __future__ import annotations

from collections.abc import Iterator

from ocrchat.exports.clean import cleaned
from ocrchat.model import Block, Line
from ocrchat.model.spans import Span, between, spans_of_line


def spans_of(block: Block, *, spaced: bool = True) -> tuple[Span, ...]:
    """The block's text as one flow, in stretches of one style.

    Lines that were broken to fit run on, with a space where the script has spaces; others keep their
    end: those that leave more room at the right than the next line's first word would have taken.
    """
    if not block.lines:
        return (Span(cleaned(block.text)),) if block.text else ()
    return _merged(_pieces(block.lines, spaced))


def flowing_text(block: Block, *, spaced: bool = True) -> str:
    """The same without styles."""
    return "".join(span.text for span in spans_of(block, spaced=spaced))


def _pieces(lines: tuple[Line, ...], spaced: bool) -> Iterator[Span]:
    column = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    for place, line in enumerate(lines):
        for span in spans_of_line(line):
            link = "".join(cleaned(span.link).split()) if span.link else None
            yield Span(cleaned(span.text), span.bold, span.italic, link)
        if place + 1 < len(lines):
            yield Span(between(line, lines[place + 1], column, spaced=spaced))


def _merged(pieces: Iterator[Span]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for piece in pieces:
        if spans and (spans[-1].style == piece.style or piece.text.isspace()):
            before = spans[-1]
            spans[-1] = Span(before.text + piece.text, *before.style)
        elif piece.text:
            spans.append(piece)
    return tuple(spans)
