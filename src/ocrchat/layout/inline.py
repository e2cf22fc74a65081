"""Run the lines of a paragraph on as Markdown, with the emphasis and the links that are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from ocrchat.model import Line, Word

_INLINE = re.compile(r"([\\`*_\[\]<>|~$])")
_AT_START = re.compile(r"^(\s*)([#+-]|=+$)")
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]++)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HARMLESS = ("https://", "http://", "mailto:")
BREAK = "\\\n"
"""A line end that its author meant."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Text in one style; `link` is an address or None."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str | None = None

    @property
    def style(self) -> tuple[bool, bool, str | None]:
        return self.bold, self.italic, self.link


def escaped(text: str) -> str:
    """One line of plain text that Markdown shows as it is (CommonMark 0.31, section 2.4)."""
    text = _ENTITY.sub(r"\\&", _INLINE.sub(r"\\\1", text))
    text = _AT_START.sub(r"\1\\\2", text)
    return _NUMBERED.sub(r"\1\\\2", text)


def vocabulary(lines: Sequence[Line]) -> frozenset[str]:
    """The words of some lines in small letters, those with hyphens whole, without those broken at an end."""
    return frozenset(
        found[0].casefold() for line in lines for found in _WORD.finditer(_BROKEN.sub("", line.text))
    )


def run_on(lines: Sequence[Line], words: Set[str], *, spaced: bool, weighed: bool = True) -> str:
    """The lines as one flow: ended where their author ended them, else joined.

    A word that a hyphen breaks is joined where `words` has it whole. `weighed` is False where bold type
    says nothing, as in headings.
    """
    column = min(line.box.x0 for line in lines), max(line.box.x1 for line in lines)
    runs: list[_Run] = []
    for place, line in enumerate(lines):
        pieces = list(_runs_of(line, weighed))
        if place + 1 < len(lines):
            joint = _joint(line, lines[place + 1], column, spaced)
            pieces = _joined(pieces, joint, line, lines[place + 1], words)
        runs.extend(pieces)
    return "".join(_written(runs))


def _runs_of(line: Line, weighed: bool) -> Iterator[_Run]:
    """The line's text, its words in their styles; what stands between words has none."""
    if not any((word.bold and weighed) or word.italic or word.link for word in line.words):
        yield _Run(line.text)
        return
    text, at = line.text, 0
    for word in line.words:
        found = text.find(word.text, at) if word.text else -1
        if found < 0:
            continue
        if found > at:
            yield _Run(text[at:found])
        at = found + len(word.text)
        yield _Run(word.text, word.bold and weighed, word.italic, _harmless(word))
    if at < len(text):
        yield _Run(text[at:])


def _joined(pieces: list[_Run], joint: str, line: Line, following: Line, words: Set[str]) -> list[_Run]:
    """A line's runs and what comes between it and the next: nothing within a word."""
    broken, rest = _BROKEN.search(line.text), _WORD.match(following.text)
    if joint == BREAK or broken is None or rest is None or not rest[0][:1].islower() or not pieces:
        return [*pieces, _Run(joint)]
    first, second = broken[1].casefold(), rest[0].casefold()
    if f"{first}-{second}" in words:
        return pieces
    if first + second in words:
        last = pieces[-1]
        return [*pieces[:-1], _Run(last.text[:-1], *last.style)]
    return [*pieces, _Run(joint)]


def _joint(line: Line, following: Line, column: tuple[int, int], spaced: bool) -> str:
    left, right = column
    room = min(right - line.box.x1, max(0, right - left - line.box.width))
    first = following.words[0].box.width if following.words else 0
    if room > max(0.1 * (right - left), 1.3 * first + line.box.height):
        return BREAK
    if spaced or (line.text[-1:].isascii() and following.text[:1].isascii()):
        return " "
    return ""


def _written(runs: Sequence[_Run]) -> Iterator[str]:
    """Runs of one style together, marked where space or a line's end stands around them."""
    merged = _merged(runs)
    starts = True
    for place, run in enumerate(merged):
        if run.text == BREAK:
            yield BREAK
            starts = True
            continue
        text = escaped(run.text) if starts and run.style == (False, False, None) else _inside(run.text)
        before = merged[place - 1].text[-1:] if place else " "
        after = merged[place + 1].text[:1] if place + 1 < len(merged) else " "
        is_apart = (before.isspace() or before in "(\\") and not after.isalnum()
        yield _marked(text, run) if is_apart and run.text.strip() else text
        starts = False


def _merged(runs: Sequence[_Run]) -> list[_Run]:
    """The runs, neighbours of one style made one, a space between them too."""
    merged: list[_Run] = []
    for place, run in enumerate(runs):
        following = runs[place + 1] if place + 1 < len(runs) else None
        if merged and run.text != BREAK and merged[-1].text != BREAK:
            is_space = run.text.isspace() and following is not None and following.style == merged[-1].style
            if is_space or run.style == merged[-1].style:
                merged[-1] = _Run(merged[-1].text + run.text, *merged[-1].style)
                continue
        merged.append(run)
    return merged


def _marked(text: str, run: _Run) -> str:
    if run.italic:
        text = f"*{text}*"
    if run.bold:
        text = f"**{text}**"
    return f"[{text}](<{run.link}>)" if run.link else text


def _inside(text: str) -> str:
    return _ENTITY.sub(r"\\&", _INLINE.sub(r"\\\1", text))


def _harmless(word: Word) -> str | None:
    link = (word.link or "").strip()
    is_safe = link.lower().startswith(_HARMLESS) and not re.search(r"[\s<>\\]", link)
    return link if is_safe else None
