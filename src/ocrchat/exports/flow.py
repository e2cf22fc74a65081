"""Run the lines of a block on, as text that is laid out anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ocrchat.exports.clean import cleaned
from ocrchat.model import Block, Line

_FAR, _ROOM = 0.1, 1.3

_HAN = re.compile("[\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Chinese and Japanese letters and marks, which no space parts in whatever language they are quoted."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; a line feed in it is a line end that its author meant."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None

    def is_like(self, other: Span) -> bool:
        """Whether both have the same style."""
        return (self.bold, self.italic, self.link) == (other.bold, other.italic, other.link)


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
    left, right = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    for place, line in enumerate(lines):
        yield from _styled(line)
        if place + 1 < len(lines):
            yield Span(_joint(line, lines[place + 1], (left, right), spaced))


def _styled(line: Line) -> Iterator[Span]:
    """The line's text, its words in their styles; what stands between words has the first one's."""
    text, at = line.text, 0
    for word in line.words:
        found = text.find(word.text, at) if word.text else -1
        if found < 0:
            continue
        if found > at:
            yield Span(cleaned(text[at:found]))
        at = found + len(word.text)
        yield Span(cleaned(word.text), word.bold, word.italic, _harmless(word.link))
    if at < len(text):
        yield Span(cleaned(text[at:]))


def _harmless(link: str | None) -> str | None:
    """The link where it leads to a page or a letter; nothing that a reader would run."""
    if link and link.lower().startswith(("https://", "http://", "mailto:")):
        return "".join(cleaned(link).split())
    return None


def _joint(line: Line, following: Line, column: tuple[int, int], spaced: bool) -> str:
    left, right = column
    room = min(right - line.box.x1, max(0, right - left - line.box.width))
    first = following.words[0].box.width if following.words else 0
    if room > max(_FAR * (right - left), _ROOM * first + line.box.height):
        return "\n"
    end, start = line.text[-1:], following.text[:1]
    if _HAN.match(end) and _HAN.match(start):
        return ""
    return " " if spaced or (end.isascii() and start.isascii()) else ""


def _merged(pieces: Iterator[Span]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for piece in pieces:
        if spans and (spans[-1].is_like(piece) or piece.text.isspace()):
            before = spans[-1]
            spans[-1] = Span(before.text + piece.text, before.bold, before.italic, before.link)
        elif piece.text:
            spans.append(piece)
    return tuple(spans)
