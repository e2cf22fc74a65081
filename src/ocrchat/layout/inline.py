"""Run the lines of a paragraph on as Markdown, with the emphasis and the links that are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from ocrchat.model import Line
from ocrchat.model.spans import Span, between, spans_of_line

_INLINE = re.compile(r"([\\`*_\[\]<>|~$])")
_AT_START = re.compile(r"^(\s*)([#+-]|=+$)")
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BROKEN = re.compile(r"(?<![^\W\d_])([^\W\d_]++)-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_UNSAFE = re.compile(r"[\s<>\\]")
"""What would end a link in Markdown before its end."""
BREAK = "\\\n"
"""A line end that its author meant."""


def escaped(text: str) -> str:
    """One line of plain text that Markdown shows as it is (CommonMark 0.31, section 2.4)."""
    text = _AT_START.sub(r"\1\\\2", _inside(text))
    return _NUMBERED.sub(r"\1\\\2", text)


def ends_in_hyphen(line: Line) -> bool:
    """Whether a word of the line may go on on the next."""
    return line.text.rstrip("\n").endswith("-")


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
    runs: list[Span] = []
    for place, line in enumerate(lines):
        pieces = list(_runs_of(line, weighed))
        if place + 1 < len(lines):
            end = between(line, lines[place + 1], column, spaced=spaced)
            joint = BREAK if end == "\n" else end
            pieces = _joined(pieces, joint, line, lines[place + 1], words)
        runs.extend(pieces)
    if any(any(run.style) for run in runs):
        return "".join(_written(_merged(runs)))
    return BREAK.join(map(escaped, _between_breaks(runs)))


def _runs_of(line: Line, weighed: bool) -> Iterator[Span]:
    for span in spans_of_line(line):
        is_unsafe = span.link is not None and _UNSAFE.search(span.link) is not None
        if is_unsafe or (span.bold and not weighed):
            span = replace(span, bold=span.bold and weighed, link=None if is_unsafe else span.link)
        yield span


def _joined(pieces: list[Span], joint: str, line: Line, following: Line, words: Set[str]) -> list[Span]:
    """A line's runs and what comes between it and the next: nothing within a word."""
    if joint == BREAK or not ends_in_hyphen(line):
        return [*pieces, Span(joint)]
    broken, rest = _BROKEN.search(line.text), _WORD.match(following.text)
    if broken is None or rest is None or not rest[0][:1].islower() or not pieces:
        return [*pieces, Span(joint)]
    first, second = broken[1].casefold(), rest[0].casefold()
    if f"{first}-{second}" in words:
        return pieces
    if first + second in words:
        last = pieces[-1]
        return [*pieces[:-1], Span(last.text[:-1], *last.style)]
    return [*pieces, Span(joint)]


def _between_breaks(runs: Sequence[Span]) -> list[str]:
    """The texts of runs without any style, from one line that its author ended to the next."""
    texts: list[list[str]] = [[]]
    for run in runs:
        if run.text == BREAK:
            texts.append([])
        else:
            texts[-1].append(run.text)
    return ["".join(each) for each in texts]


def _written(merged: Sequence[Span]) -> Iterator[str]:
    """Runs as `_merged` gives them, marked where space or a line's end stands around them."""
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


def _merged(runs: Sequence[Span]) -> list[Span]:
    """The runs, neighbours of one style made one, a space between them too."""
    merged: list[Span] = []
    for place, run in enumerate(runs):
        following = runs[place + 1] if place + 1 < len(runs) else None
        if merged and run.text != BREAK and merged[-1].text != BREAK:
            is_space = run.text.isspace() and following is not None and following.style == merged[-1].style
            if is_space or run.style == merged[-1].style:
                merged[-1] = Span(merged[-1].text + run.text, *merged[-1].style)
                continue
        merged.append(run)
    return merged


def _marked(text: str, run: Span) -> str:
    if run.italic:
        text = f"*{text}*"
    if run.bold:
        text = f"**{text}**"
    return f"[{text}](<{run.link}>)" if run.link else text


def _inside(text: str) -> str:
    return _ENTITY.sub(r"\\&", _INLINE.sub(r"\\\1", text))
