"""Hold what a decode child says of a page's text against the limits, and make a TextLayer of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocrchat.model import Box, Field, Link, Note, Picture, Style, TextLayer
from ocrchat.sources import findings
from ocrchat.sources.answers import is_positive, is_whole, remarks_of
from ocrchat.sources.limits import Limits
from ocrchat.sources.pdf_annotations import MOST_CHARACTERS
from ocrchat.sources.pdf_marks import MOST_MARKS
from ocrchat.sources.pdf_words import BOLD, HIDDEN, ITALIC, LIGHT
from ocrchat.sources.wire import Garbled

_MOST_ENTRIES = 2_000
"""Styles, pictures, links or fields of a page."""
_LONGEST_DIGEST = 64
_WORD = 4 * (2 + 4 + 4 + 1 + 1 + 1)
"""Bytes a word: span, box, ends, style, unmapped characters, whether it is covered."""


@dataclass(frozen=True, slots=True)
class LayerHead:
    """What a child says about the text of a page whose places follow in `length` bytes."""

    width: int
    height: int
    dpi: float | None
    scale: float
    characters: int
    strings: int
    words: int
    rules: int
    grounds: int
    shapes: int
    styles: tuple[Style, ...]
    pictures: tuple[Picture, ...]
    links: tuple[tuple[Box, int], ...]
    fields: tuple[tuple[Box, int], ...]
    renamed: str
    notes: tuple[Note, ...]

    @property
    def length(self) -> int:
        """Bytes of the arrays: code points, words, then the marks' boxes."""
        return 4 * self.strings + _WORD * self.words + 16 * (self.rules + self.grounds + self.shapes)


def layer_head(answer: Mapping[str, Any], limits: Limits) -> LayerHead:
    """The answer to a request for a page's text; raises Garbled."""
    width, height = answer.get("width"), answer.get("height")
    if not (is_whole(width, 1, limits.side) and is_whole(height, 1, limits.side)):
        raise Garbled("a page of impossible size")
    if width * height > max(limits.pixels, limits.pdf_pixels):
        raise Garbled("a page of impossible size")
    dpi, scale = answer.get("dpi"), answer.get("scale")
    if not (is_positive(scale) and (dpi is None or is_positive(dpi))):
        raise Garbled("a page of impossible scale")
    characters = _count(answer, "characters", limits.characters)
    head = LayerHead(
        width=width,
        height=height,
        dpi=dpi,
        scale=float(scale),
        characters=characters,
        strings=_count(answer, "strings", characters + MOST_CHARACTERS),
        words=_count(answer, "words", characters),
        rules=_count(answer, "rules", MOST_MARKS),
        grounds=_count(answer, "grounds", MOST_MARKS),
        shapes=_count(answer, "shapes", MOST_MARKS),
        styles=tuple(_style(row) for row in _rows(answer, "styles", 3)),
        pictures=tuple(_picture(row) for row in _rows(answer, "pictures", 7)),
        links=tuple(_told(row) for row in _rows(answer, "links", 5)),
        fields=tuple(_told(row) for row in _rows(answer, "fields", 5)),
        renamed=_letters(answer.get("renamed")),
        notes=tuple(findings.note(code, figures) for code, figures in remarks_of(answer, 2)),
    )
    if head.strings != characters + sum(length for _, length in (*head.links, *head.fields)):
        raise Garbled("texts of impossible length")
    return head


def layer_of(head: LayerHead, body: bytearray) -> TextLayer:
    """The layer whose arrays `body` holds; raises Garbled."""
    at = 0

    def taken(count: int, width: int, kind: type[np.generic]) -> NDArray[Any]:
        nonlocal at
        array = np.frombuffer(body, kind, count * width, at)
        at += array.nbytes
        return array.reshape(count, width) if width > 1 else array

    text = _text(taken(head.strings, 1, np.uint32))
    spans = taken(head.words, 2, np.int32)
    places = [taken(head.words, 4, np.float32) for _ in range(2)]
    styles, unmapped, covered = (taken(head.words, 1, np.int32) for _ in range(3))
    marks = [taken(count, 4, np.float32) for count in (head.rules, head.grounds, head.shapes)]
    _check_words(head, spans, styles, unmapped)
    if not all(np.isfinite(array).all() for array in (*places, *marks)):
        raise Garbled("places that are none")
    rules, grounds, shapes = (tuple(_boxes(array, head.width, head.height)) for array in marks)
    rest = iter(_parts(text[head.characters :], [length for _, length in (*head.links, *head.fields)]))
    return TextLayer(
        width=head.width,
        height=head.height,
        dpi=head.dpi,
        scale=head.scale,
        text=text[: head.characters],
        spans=spans,
        boxes=places[0],
        ends=places[1],
        styles=styles,
        unmapped=unmapped,
        covered=covered != 0,
        style_table=head.styles,
        rules=rules,
        grounds=grounds,
        shapes=shapes,
        pictures=head.pictures,
        links=tuple(Link(box, next(rest)) for box, _ in head.links),
        fields=tuple(Field(box, next(rest)) for box, _ in head.fields),
        renamed=head.renamed,
        notes=head.notes,
    )


def _check_words(
    head: LayerHead, spans: NDArray[np.int32], styles: NDArray[np.int32], unmapped: NDArray[np.int32]
) -> None:
    """Raise Garbled unless words follow one another within the text, each with a style."""
    if not head.words:
        return
    starts, ends = spans[:, 0], spans[:, 1]
    in_order = (starts[1:] >= ends[:-1]).all() and (starts < ends).all()
    if not in_order or starts[0] < 0 or ends[-1] > head.characters:
        raise Garbled("words outside their text")
    if styles.min() < 0 or styles.max() >= len(head.styles):
        raise Garbled("words of no style")
    if unmapped.min() < 0 or (unmapped > ends - starts).any():
        raise Garbled("words with more characters than they have")


def _text(codes: NDArray[np.uint32]) -> str:
    if codes.size and (codes.max() > 0x10FFFF or ((codes >= 0xD800) & (codes < 0xE000)).any()):
        raise Garbled("characters that are none")
    return codes.tobytes().decode("utf-32-le")


def _parts(text: str, lengths: list[int]) -> Iterator[str]:
    at = 0
    for length in lengths:
        yield text[at : at + length]
        at += length


def _boxes(array: NDArray[np.float32], width: int, height: int) -> Iterator[Box]:
    """The rectangles as boxes, each at least a pixel wide and high, those outside the page left out."""
    low, high = np.floor(array[:, :2]), np.ceil(array[:, 2:])
    inside = (low < (width, height)).all(axis=1) & (high > 0).all(axis=1)
    low = low.clip(0, (width - 1, height - 1))
    high = np.maximum(high.clip(1, (width, height)), low + 1)
    for x0, y0, x1, y1 in np.concatenate([low, high], axis=1)[inside].astype(int).tolist():
        yield Box(x0, y0, x1, y1)


def _letters(found: Any) -> str:
    if not isinstance(found, str) or not (found.isascii() and len(set(found)) == len(found)):
        raise Garbled("letters that are none")
    return found


def _count(answer: Mapping[str, Any], name: str, most: int) -> int:
    value = answer.get(name)
    if not is_whole(value, 0, most):
        raise Garbled(f"an impossible number of {name}")
    return value


def _rows(answer: Mapping[str, Any], name: str, width: int) -> list[list[Any]]:
    rows = answer.get(name)
    if not isinstance(rows, list) or len(rows) > _MOST_ENTRIES:
        raise Garbled(f"{name} that are none")
    if any(not isinstance(row, list) or len(row) != width for row in rows):
        raise Garbled(f"{name} that are none")
    return rows


def _style(row: list[Any]) -> Style:
    size, angle, flags = row
    if not all(isinstance(each, int | float) and math.isfinite(each) for each in (size, angle)):
        raise Garbled("a style that is none")
    if not is_whole(flags, 0, 15):
        raise Garbled("a style that is none")
    seen = {"bold": BOLD, "italic": ITALIC, "hidden": HIDDEN, "light": LIGHT}
    return Style(
        max(0.0, float(size)), float(angle) % 360, **{name: bool(flags & bit) for name, bit in seen.items()}
    )


def _picture(row: list[Any]) -> Picture:
    digest = row[6]
    if not (is_whole(row[4], 0, 1 << 31) and is_whole(row[5], 0, 1 << 31)):
        raise Garbled("a picture that is none")
    if not isinstance(digest, str) or len(digest) > _LONGEST_DIGEST:
        raise Garbled("a picture that is none")
    return Picture(_box(row), digest, row[4], row[5])


def _told(row: list[Any]) -> tuple[Box, int]:
    if not is_whole(row[4], 1, MOST_CHARACTERS):
        raise Garbled("a text of impossible length")
    return _box(row), row[4]


def _box(row: list[Any]) -> Box:
    if not all(is_whole(side, -(1 << 31), 1 << 31) for side in row[:4]):
        raise Garbled("a box that is none")
    x0, y0, x1, y1 = row[:4]
    if x1 < x0 or y1 < y0:
        raise Garbled("a box that is none")
    return Box(x0, y0, x1, y1)
