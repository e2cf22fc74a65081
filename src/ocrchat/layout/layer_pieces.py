"""Make lines of a text layer's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from ocrchat.layout.arrangement import Piece
from ocrchat.layout.layer_turn import quarters_of
from ocrchat.model import Box, Line, TextLayer, Word
from ocrchat.model.columns import many

_SURE = 1.0
"""The confidence of text that its author wrote."""

_SAME_LINE, _NEAR, _BACK = 0.5, 1.0, 0.3
"""Share of the lower word's height that two words of a line share; the gap, and the overlap, in heights."""

_SAME_PLACE = 0.7
_EMPTY_BOX = "\u2610"
_BULLETS = frozenset("\uf0b7\uf06e\uf0a7\uf0d8\uf076\uf0fc\uf0a8\u0095\u0099\u009f")
"""What Symbol and Wingdings, and fonts made from them, call their bullets."""


def pieces_of(layer: TextLayer) -> tuple[Piece, ...]:
    """The words that are seen, each once, as lines in the file's order; empty boxes to tick give nothing.

    A line ends where the next word stands elsewhere: above, below, or further off than a wide space. Words
    that run up or down the page are not among them. 3 ms for a page of running text.
    """
    seen = _words_of(layer)
    level = ~_are_sideways(seen.quarters)
    runs_on = _go_on(seen.sides[:-1], seen.sides[1:]) & level[:-1] & level[1:]
    return tuple(_pieces((*_lines_of(seen, runs_on, level), *_filled_in(layer))))


def sideways_lines(layer: TextLayer) -> tuple[Line, ...]:
    """The lines that run up or down a page whose others do not: at its margin, along an axis."""
    if not _are_sideways(quarters_of(layer)).any():
        return ()
    seen = _words_of(layer)
    upright = _are_sideways(seen.quarters)
    along = seen.sides[:, [1, 0, 3, 2]]
    runs_on = _go_on(along[:-1], along[1:]) & upright[:-1] & (seen.quarters[:-1] == seen.quarters[1:])
    return tuple(_lines_of(seen, runs_on, upright))


def unseen_words(layer: TextLayer) -> int:
    """How many words of the page a reader of it does not see, though they are no junk outside of it."""
    x, y = (layer.boxes[:, :2] + layer.boxes[:, 2:]).T / 2
    on_page = (x >= 0) & (x < layer.width) & (y >= 0) & (y < layer.height)
    return int((on_page & ~are_seen(layer)).sum())


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Words in the file's order, their sides (int32, n by 4), and the quarter turn that each runs at."""

    words: list[Word]
    sides: NDArray[np.int32]
    quarters: NDArray[np.int32]


def _words_of(layer: TextLayer) -> _Words:
    """The words that are seen, each once."""
    boxes = boxes_of(layer)
    links = _links(layer, boxes)
    chosen = np.flatnonzero(are_seen(layer))
    texts = [layer.text[start:end] for start, end in layer.spans[chosen].tolist()]
    kept = _kept(texts, boxes[chosen].tolist())
    chosen = chosen[kept]
    bold = np.array([style.bold for style in layer.style_table], np.bool_)
    italic = np.array([style.italic for style in layer.style_table], np.bool_)
    styles, sides = layer.styles[chosen], boxes[chosen]
    words = many(
        Word,
        len(kept),
        map(texts.__getitem__, kept),
        many(Box, len(kept), *sides.T.tolist()),
        repeat(_SURE),
        bold[styles].tolist(),
        italic[styles].tolist(),
        map(links.get, chosen.tolist()),
    )
    return _Words(words, sides, quarters_of(layer)[chosen])


def _kept(texts: list[str], sides: Sequence[Sequence[int]]) -> list[int]:
    """The places of words that can be shown and were not printed before; their texts are made readable."""
    kept, latest = [], dict[str, Sequence[int]]()
    is_readable = "".join(texts).isprintable() and _BULLETS.isdisjoint(texts)
    for place, (text, box) in enumerate(zip(texts, sides, strict=True)):
        if not is_readable and (not text.isprintable() or text in _BULLETS):
            text = texts[place] = _readable(text)
            if not text:
                continue
        other = latest.get(text)
        # most stand on other lines: that is told without a call
        if other is None or box[1] >= other[3] or box[3] <= other[1] or not _is_same_place(box, other):
            kept.append(place)
            latest[text] = box
    return kept


def _lines_of(seen: _Words, runs_on: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> Iterator[Line]:
    """The lines of wanted words; `runs_on` says of each but the last whether its line goes on after it."""
    if not len(seen.words):
        return
    starts = np.append(0, np.flatnonzero(~runs_on) + 1)
    low = np.minimum.reduceat(seen.sides[:, :2], starts)
    high = np.maximum.reduceat(seen.sides[:, 2:], starts)
    ends = np.append(starts[1:], len(seen.words))
    texts = [word.text for word in seen.words]
    rows = zip(starts.tolist(), ends.tolist(), np.concatenate([low, high], axis=1).tolist(), strict=True)
    for (start, end, box), is_wanted in zip(rows, wanted[starts].tolist(), strict=True):
        if is_wanted:
            yield Line(" ".join(texts[start:end]), Box(*box), _SURE, tuple(seen.words[start:end]))


def _are_sideways(quarters: NDArray[np.int32]) -> NDArray[np.bool_]:
    sideways: NDArray[np.bool_] = (quarters == 90) | (quarters == 270)
    return sideways


@lru_cache(1)
def boxes_of(layer: TextLayer) -> NDArray[np.int32]:
    """The words' boxes in whole pixels, each at least one wide and high, inside the page.

    Reckoned once for the page that is being set; not to be written to.
    """
    low = np.round(layer.boxes[:, :2]).clip(0, (layer.width - 1, layer.height - 1))
    high = np.maximum(np.round(layer.boxes[:, 2:]).clip(1, (layer.width, layer.height)), low + 1)
    return np.concatenate([low, high], axis=1).astype(np.int32)


@lru_cache(1)
def are_seen(layer: TextLayer) -> NDArray[np.bool_]:
    """Which words a reader sees: painted, not painted over, not white on white; like `boxes_of`, once."""
    x, y = (layer.boxes[:, :2] + layer.boxes[:, 2:]).T / 2
    on_page = (x >= 0) & (x < layer.width) & (y >= 0) & (y < layer.height)
    hidden = np.array([style.hidden for style in layer.style_table], np.bool_)[layer.styles]
    light = np.array([style.light for style in layer.style_table], np.bool_)[layer.styles]
    seen = on_page & ~layer.covered & ~hidden
    if (seen & light).any():
        on_ground = np.zeros(len(seen), np.bool_)
        for ground in (*layer.grounds, *(picture.box for picture in layer.pictures)):
            on_ground |= _inside(boxes_of(layer), ground)
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


def _filled_in(layer: TextLayer) -> Iterator[Line]:
    """What is filled in, line by line: no page's own text has it, as PDFium gives widgets apart."""
    for field in layer.fields:
        box = field.box.clipped(layer.width, layer.height)
        lines = [line for each in field.text.split("\n") if (line := _readable(" ".join(each.split())))]
        if not box.area or lines == [_EMPTY_BOX]:
            continue
        for number, line in enumerate(lines):
            top = box.y0 + box.height * number // len(lines)
            bottom = max(top + 1, box.y0 + box.height * (number + 1) // len(lines))
            place = Box(box.x0, top, box.x1, bottom)
            yield Line(line, place, _SURE, (Word(line, place, _SURE),))


def _pieces(lines: Iterable[Line]) -> Iterator[Piece]:
    each = list(lines)
    sides = np.array([(line.box.x0, line.box.y0, line.box.x1, line.box.y1) for line in each], np.float32)
    quads = sides.reshape(-1, 4)[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)
    yield from map(Piece, quads, each)


def _go_on(before: NDArray[np.int32], after: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Whether each word stands beside the one before it, on either side: lines run either way."""
    one, other = before[:, 3] - before[:, 1], after[:, 3] - after[:, 1]
    lower, higher = np.minimum(one, other), np.maximum(one, other)
    shared = np.minimum(before[:, 3], after[:, 3]) - np.maximum(before[:, 1], after[:, 1])
    apart = np.maximum(after[:, 0] - before[:, 2], before[:, 0] - after[:, 2])
    return np.asarray((shared > _SAME_LINE * lower) & (-_BACK * lower < apart) & (apart < _NEAR * higher))


def _is_same_place(sides: Sequence[int], other: Sequence[int]) -> bool:
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
