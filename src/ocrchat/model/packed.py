"""Turn lines and their words into short lists for JSON, and back: they are most of what is kept of a page."""

from __future__ import annotations

from itertools import chain
from operator import attrgetter
from typing import Any

from ocrchat.model.document import Line, Word
from ocrchat.model.geometry import Box

Packed = list[Any]

_TEXT, _BOX, _SURE = attrgetter("text"), attrgetter("box"), attrgetter("confidence")
_SIDES, _STYLE = attrgetter("x0", "y0", "x1", "y1"), attrgetter("bold", "italic", "link")
_PLAIN = (False, False, None)


def packed_line(line: Line) -> Packed:
    """[text, sides, confidence, is_ended, texts of words, their sides in a row, confidences, styles].

    The texts are null where they are the line's, parted at its spaces; the confidences are one where they are
    the same; styles, [bold, italic, link] for each word, are null where no word has any.
    """
    words = line.words
    texts: list[str] | None = list(map(_TEXT, words))
    if texts == line.text.split(" "):
        texts = None
    told = list(map(_SURE, words))
    styles = list(map(_STYLE, words))
    sides = list(chain.from_iterable(map(_SIDES, map(_BOX, words))))
    return [
        line.text,
        [line.box.x0, line.box.y0, line.box.x1, line.box.y1],
        line.confidence,
        line.is_ended,
        texts,
        sides,
        told[0] if told and told.count(told[0]) == len(told) else told,
        list(map(list, styles)) if styles.count(_PLAIN) < len(styles) else None,
    ]


def unpacked_line(packed: Packed) -> Line:
    """The line that `packed_line` was given; ValueError on anything else."""
    text, box, confidence, is_ended, texts, sides, told, styles = packed
    texts = text.split(" ") if texts is None else texts
    told = told if isinstance(told, list) else [told] * len(texts)
    places = zip(sides[::4], sides[1::4], sides[2::4], sides[3::4], strict=True)
    looks = styles or [(False, False, None)] * len(texts)
    words = tuple(
        Word(word, Box(*place), sure, bold, italic, link)
        for word, place, sure, (bold, italic, link) in zip(texts, places, told, looks, strict=True)
    )
    return Line(text, Box(*box), confidence, words, is_ended)
