"""Take a line apart into stretches of one style, and tell what comes between it and the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from ocrchat.model.document import Line, Word

_FAR, _ROOM = 0.1, 1.3
"""Shares of the column, and of the next line's first word, that stay free where an author ended a line."""
_SCHEMES = ("https://", "http://", "mailto:")
_BOLD, _ITALIC, _LINK = attrgetter("bold"), attrgetter("italic"), attrgetter("link")
_HAN = re.compile("[\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
"""Chinese and Japanese letters and marks, which no space parts in whatever language they are quoted."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; `link` is an address or None."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None

    @property
    def style(self) -> tuple[bool, bool, str | None]:
        """What two stretches have in common that may be one."""
        return self.bold, self.italic, self.link


def has_styles(words: Sequence[Word]) -> bool:
    """Whether any of them is bold, italic or a link."""
    return any(map(_BOLD, words)) or any(map(_ITALIC, words)) or any(map(_LINK, words))


def spans_of_line(line: Line) -> Iterator[Span]:
    """The line's text, its words in their styles; what stands between words has none."""
    text, at = line.text, 0
    if not has_styles(line.words):
        yield Span(text)
        return
    for word in line.words:
        found = text.find(word.text, at) if word.text else -1
        if found < 0:
            continue
        if found > at:
            yield Span(text[at:found])
        at = found + len(word.text)
        yield Span(word.text, word.bold, word.italic, harmless(word.link))
    if at < len(text):
        yield Span(text[at:])


def harmless(link: str | None) -> str | None:
    """The link where it leads to a page or a letter; nothing that a reader would run."""
    link = (link or "").strip()
    return link if link.lower().startswith(_SCHEMES) else None


def between(line: Line, following: Line, column: tuple[int, int], *, spaced: bool) -> str:
    """What comes between two lines of a block whose column reaches from one x to another.

    A line feed where the author ended the line: the layout says so, or it leaves more room at the right
    than the next line's first word would have taken. Else a space, where the script has spaces, or nothing.
    """
    left, right = column
    room = min(right - line.box.x1, max(0, right - left - line.box.width))
    first = following.words[0].box.width if following.words else 0
    if line.is_ended or room > max(_FAR * (right - left), _ROOM * first + line.box.height):
        return "\n"
    end, start = line.text[-1:], following.text[:1]
    if _HAN.match(end) and _HAN.match(start):
        return ""
    return " " if spaced or (end.isascii() and start.isascii()) else ""
