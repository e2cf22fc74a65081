"""Make lines of a text layer's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Quad
from ocrchat.layout.arrangement import Piece
from ocrchat.layout.layer_turn import quarters_of
from ocrchat.model import Box, Line, TextLayer, Word

Sides = tuple[int, int, int, int]
"""A box's: a page has a thousand words, and whole numbers are compared faster than values."""

_SURE = 1.0
"""The confidence of text that its author wrote."""

_SAME_LINE, _NEAR, _BACK = 0.5, 1.0, 0.3
"""Share of the lower word's height that two words of a line share; the gap, and the overlap, in heights."""

_SAME_PLACE = 0.7
_SIDEWAYS = (90, 270)
_EMPTY_BOX = "\u2610"
_BULLETS = frozenset("\uf0b7\uf06e\uf0a7\uf0d8\uf076\uf0fc\uf0a8\u0095\u0099\u009f")
"""What Symbol and Wingdings, and fonts made from them, call their bullets."""


def pieces_of(layer: TextLayer) -> tuple[Piece, ...]:
    """The words that are seen, each once, as lines in the file's order; empty boxes to tick give nothing.

    A line ends where the next word stands elsewhere: above, below, or further off than a wide space. Words
    that run up or down the page are not among them.
    """
    lines: list[list[Word]] = []
    before: Sides | None = None
    for word, sides, quarter in _words(layer):
        if quarter in _SIDEWAYS:
            before = None
            continue
        if before is not None and _goes_on(before, sides):
            lines[-1].append(word)
        else:
            lines.append([word])
        before = sides
    return tuple(map(_piece, lines)) + tuple(_filled_in(layer))


def sideways_lines(layer: TextLayer) -> tuple[Line, ...]:
    """The lines that run up or down a page whose others do not: at its margin, along an axis."""
    if not np.isin(quarters_of(layer), _SIDEWAYS).any():
        return ()
    lines: list[list[Word]] = []
    before: tuple[Sides, int] | None = None
    for word, (x0, y0, x1, y1), quarter in _words(layer):
        if quarter not in _SIDEWAYS:
            before = None
            continue
        along = y0, x0, y1, x1
        if before is not None and before[1] == quarter and _goes_on(before[0], along):
            lines[-1].append(word)
        else:
            lines.append([word])
        before = along, quarter
    return tuple(_line(words) for words in lines)


def unseen_words(layer: TextLayer) -> int:
    """How many words of the page a reader of it does not see, though they are no junk outside of it."""
    x, y = (layer.boxes[:, :2] + layer.boxes[:, 2:]).T / 2
    on_page = (x >= 0) & (x < layer.width) & (y >= 0) & (y < layer.height)
    return int((on_page & ~are_seen(layer, boxes_of(layer))).sum())


def _words(layer: TextLayer) -> Iterator[tuple[Word, Sides, int]]:
    boxes = boxes_of(layer)
    seen, links = are_seen(layer, boxes), _links(layer, boxes)
    bold = [style.bold for style in layer.style_table]
    italic = [style.italic for style in layer.style_table]
    text, latest = layer.text, dict[str, Sides]()
    chosen = np.flatnonzero(seen)
    rows = zip(
        chosen.tolist(),
        layer.spans[chosen].tolist(),
        layer.styles[chosen].tolist(),
        quarters_of(layer)[chosen].tolist(),
        map(tuple, boxes[chosen].tolist()),
        strict=True,
    )
    for index, (start, end), style, quarter, sides in rows:
        word = text[start:end]
        if not word.isprintable() or word in _BULLETS:
            word = _readable(word)
            if not word:
                continue
        other = latest.get(word)
        if other is not None and _is_same_place(sides, other):
            continue
        latest[word] = sides
        yield Word(word, Box(*sides), _SURE, bold[style], italic[style], links.get(index)), sides, quarter


def boxes_of(layer: TextLayer) -> NDArray[np.int32]:
    """The words' boxes in whole pixels, each at least one wide and high, inside the page."""
    low = np.round(layer.boxes[:, :2]).clip(0, (layer.width - 1, layer.height - 1))
    high = np.maximum(np.round(layer.boxes[:, 2:]).clip(1, (layer.width, layer.height)), low + 1)
    return np.concatenate([low, high], axis=1).astype(np.int32)


def are_seen(layer: TextLayer, boxes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which words a reader sees: painted, not painted over, on the page, and not white on white."""
    x, y = (layer.boxes[:, :2] + layer.boxes[:, 2:]).T / 2
    on_page = (x >= 0) & (x < layer.width) & (y >= 0) & (y < layer.height)
    hidden = np.array([style.hidden for style in layer.style_table], np.bool_)[layer.styles]
    light = np.array([style.light for style in layer.style_table], np.bool_)[layer.styles]
    seen = on_page & ~layer.covered & ~hidden
    if (seen & light).any():
        on_ground = np.zeros(len(seen), np.bool_)
        for ground in (*layer.grounds, *(picture.box for picture in layer.pictures)):
            on_ground |= _inside(boxes, ground)
        seen &= ~light | on_ground
    return np.asarray(seen)


def _links(layer: TextLayer, boxes: NDArray[np.int32]) -> dict[int, str]:
    """Where each word that is a link leads to; of links at one place the first counts."""
    found: dict[int, str] = {}
    for link in reversed(layer.links):
        found.update(dict.fromkeys(np.flatnonzero(_inside(boxes, link.box)).tolist(), link.target))
    return found


def _inside(boxes: NDArray[np.int32], place: Box) -> NDArray[np.bool_]:
    """Which boxes have their middle in a place."""
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    return np.asarray((x >= place.x0) & (x < place.x1) & (y >= place.y0) & (y < place.y1))


def _filled_in(layer: TextLayer) -> Iterator[Piece]:
    """What is filled in, line by line: no page's own text has it, as PDFium gives widgets apart."""
    for field in layer.fields:
        box = field.box.clipped(layer.width, layer.height)
        lines = [line for each in field.text.split("\n") if (line := _readable(" ".join(each.split())))]
        if not box.area or lines == [_EMPTY_BOX]:
            continue
        for place, line in enumerate(lines):
            top = box.y0 + box.height * place // len(lines)
            bottom = max(top + 1, box.y0 + box.height * (place + 1) // len(lines))
            yield _piece([Word(line, Box(box.x0, top, box.x1, bottom), _SURE)])


def _piece(words: Sequence[Word]) -> Piece:
    line = _line(words)
    return Piece(_quad(line.box), line)


def _line(words: Sequence[Word]) -> Line:
    box = Box.around(word.box for word in words)
    return Line(" ".join([word.text for word in words]), box, _SURE, tuple(words))


def _quad(box: Box) -> Quad:
    return np.array([[box.x0, box.y0], [box.x1, box.y0], [box.x1, box.y1], [box.x0, box.y1]], np.float32)


def _goes_on(before: Sides, sides: Sides) -> bool:
    """Whether a word stands beside the one before it, on either side: lines run either way."""
    left, top, right, bottom = before
    x0, y0, x1, y1 = sides
    one, other = bottom - top, y1 - y0
    lower, shared = min(one, other), min(bottom, y1) - max(top, y0)
    if shared <= _SAME_LINE * lower:
        return False
    return -_BACK * lower < max(x0 - right, left - x1) < _NEAR * max(one, other)


def _is_same_place(sides: Sides, other: Sides) -> bool:
    """Whether a word was printed a second time a hair's breadth off, to look bold."""
    left, top, right, bottom = other
    x0, y0, x1, y1 = sides
    across, down = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
    if across <= 0 or down <= 0:
        return False
    return across * down > _SAME_PLACE * max((right - left) * (bottom - top), (x1 - x0) * (y1 - y0))


def _readable(text: str) -> str:
    """The word without what cannot be shown; a font's own bullet is a bullet."""
    if text in _BULLETS:
        return "•"
    return "".join([each for each in text if each.isprintable()]).strip()
