"""Turn lines and their words into short lists for JSON, and back: they are most of what is kept of a page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from ocrchat.model.columns import many
from ocrchat.model.document import Line, Word
from ocrchat.model.geometry import Box
from ocrchat.model.spans import has_styles

Packed = list[Any]

_WORDS, _TEXT, _BOX = attrgetter("words"), attrgetter("text"), attrgetter("box")
_SURE = attrgetter("confidence")
_SIDES, _STYLE = attrgetter("x0", "y0", "x1", "y1"), attrgetter("bold", "italic", "link")
_PLAIN = (False, False, None)


def packed_line(line: Line) -> Packed:
    """[text, sides, confidence, is_ended, texts of words, their sides in a row, confidences, styles].

    The texts are null where they are the line's, parted at its spaces; the confidences are one where they are
    the same; styles, [bold, italic, link] for each word, are null where no word has any.
    """
    return packed_lines([line])[0]


def packed_lines(lines: Sequence[Line]) -> list[Packed]:
    """The same of many lines, of whose words each value is asked for all at once."""
    words = list(chain.from_iterable(map(_WORDS, lines)))
    texts, told = list(map(_TEXT, words)), list(map(_SURE, words))
    sides = list(chain.from_iterable(map(_SIDES, map(_BOX, words))))
    styles = list(map(_STYLE, words)) if has_styles(words) else []
    packed: list[Packed] = []
    at = 0
    for line in lines:
        end = at + len(line.words)
        own, sure, looks = texts[at:end], told[at:end], styles[at:end]
        packed.append(
            [
                line.text,
                list(_SIDES(line.box)),
                line.confidence,
                line.is_ended,
                None if own == line.text.split(" ") else own,
                sides[4 * at : 4 * end],
                sure[0] if sure and sure.count(sure[0]) == len(sure) else sure,
                list(map(list, looks)) if looks.count(_PLAIN) < len(looks) else None,
            ]
        )
        at = end
    return packed


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
