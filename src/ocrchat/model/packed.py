"""Turn lines and their words into short lists for JSON, and back: they are most of what is kept of a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from ocrchat.model.columns import many
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
    return unpacked_lines([packed])[0]


def unpacked_lines(packed: Sequence[Packed]) -> list[Line]:
    """The same of many lines, whose words are made together, in half the time."""
    texts: list[str] = []
    sides: list[int] = []
    told: list[float] = []
    looks: list[Sequence[Any]] = []
    for text, _, _, _, own_texts, own_sides, own_told, own_styles in packed:
        words = text.split(" ") if own_texts is None else own_texts
        sure = own_told if isinstance(own_told, list) else [own_told] * len(words)
        styles = own_styles or [_PLAIN] * len(words)
        if not len(own_sides) / 4 == len(sure) == len(styles) == len(words):
            raise ValueError("a line whose words have not each a place, a confidence and a style")
        texts += words
        sides += own_sides
        told += sure
        looks += styles
    boxes = many(Box, len(texts), sides[::4], sides[1::4], sides[2::4], sides[3::4])
    columns = zip(*looks, strict=True) if looks else ((), (), ())
    made = iter(many(Word, len(texts), texts, boxes, told, *columns))
    counts = [len(each[5]) // 4 for each in packed]
    return [
        Line(text, Box(*box), confidence, tuple(islice(made, count)), is_ended)
        for (text, box, confidence, is_ended, *_), count in zip(packed, counts, strict=True)
    ]
