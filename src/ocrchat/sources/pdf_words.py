"""Find the words of a PDF page in its text layer: characters, places, styles (inside the lock)."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocrchat.sources import pdfium_calls as pdfium
from ocrchat.sources.picture import Refusal

BOLD, ITALIC, HIDDEN, LIGHT = 1, 2, 4, 8
"""Bits of a style's flags."""

_MOST_STYLES = 2_000
_UNPAINTED = frozenset({3, 7})
"""Render modes that paint nothing (ISO 32000-2, table 104)."""
_OUTLINED = 2
"""Fill and outline: how programs feign a bold face."""
_PALE = 240
"""Level from which all three colours count as white."""

_BLANKS = np.array(
    [0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF], np.uint32
)
_ALEFS = frozenset("\u0622\u0623\u0625\u0627")
_LAM = "\u0644"
_LARGEST_TABLE = 1 << 16
_STRIDE = 16
"""Words that are looked past where those at both ends are of one text object."""


@dataclass(frozen=True, slots=True, eq=False)
class PdfWords:
    """The words of a page as `TextLayer` has them, but in points with y up, and styles as rows.

    A row of `style_rows` is size in points, angle in degrees counter-clockwise, and flags.
    """

    text: str
    spans: NDArray[np.int32]
    boxes: NDArray[np.float32]
    ends: NDArray[np.float32]
    styles: NDArray[np.int32]
    unmapped: NDArray[np.int32]
    style_rows: list[tuple[float, float, int]]
    objects: list[int]


def words_of(text_page: int, most: int) -> PdfWords:
    """The words of an open text page; raises Refusal where it has over `most` characters.

    Words end at blanks, also at those that PDFium saw in the gaps, and where a line ends. Some 2 ms for a
    page of running text: places are asked for at the ends of words only, inside them where something
    about a word is odd.
    """
    count = pdfium.count_characters(text_page)
    if count > most:
        raise Refusal("over-limit", limit="characters", figure=count)
    text = pdfium.text_of(text_page, max(0, count))
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    spans = _spans(codes)
    first = last = pdfium.loose_boxes(text_page, spans[:, 0])
    longer = spans[:, 1] - spans[:, 0] > 1
    if longer.any():
        last = first.copy()
        last[longer] = pdfium.loose_boxes(text_page, spans[longer, 1] - 1)
    leftward = _is_leftward(codes)
    spans, first, last, boxes, text = _looked_into(text_page, text, leftward, spans, first, last)
    style_of = _Styles(text_page)
    styles, objects = style_of.each(spans[:, 0].tolist(), in_order=not leftward.any())
    ends = np.concatenate([_middles(first), _middles(last)], axis=1)
    return PdfWords(
        text.replace(chr(pdfium.BROKEN_HYPHEN), "-"),
        spans.astype(np.int32),
        boxes,
        ends,
        np.array(styles, np.int32),
        _unmapped(text_page, codes, spans, np.array(styles, np.int64)),
        style_of.rows,
        objects,
    )


def _spans(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Where words begin and end, shape (n, 2)."""
    broken = codes == pdfium.BROKEN_HYPHEN
    blank = ((codes <= 0x20) & ~broken) | ((codes >= 0x7F) & (codes <= 0xA0)) | np.isin(codes, _BLANKS)
    inside = ~blank
    follows = np.zeros_like(inside)
    follows[1:] = inside[:-1] & ~broken[:-1]
    precedes = np.zeros_like(inside)
    precedes[:-1] = inside[1:]
    starts = np.flatnonzero(inside & ~follows)
    ends = np.flatnonzero(inside & (~precedes | broken)) + 1
    return np.stack([starts, ends], axis=1)


def _looked_into(
    text_page: int,
    text: str,
    leftward: NDArray[np.bool_],
    spans: NDArray[np.intp],
    first: NDArray[np.float32],
    last: NDArray[np.float32],
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], str]:
    """The words, those whose characters do not stand side by side taken apart, letters of ligatures in order.

    Gives spans, boxes of the first and last characters, boxes of words, and the text.
    """
    boxes = _around(first, last)
    passed = np.concatenate([[0], np.cumsum(leftward)])
    odd = ~_is_one_line(first, last, boxes, spans[:, 1] - spans[:, 0])
    odd |= passed[spans[:, 1]] > passed[spans[:, 0]]
    odd &= spans[:, 1] - spans[:, 0] > 1
    if not odd.any():
        return spans, first, last, boxes, text
    lengths = spans[odd, 1] - spans[odd, 0]
    begins = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) - np.repeat(begins - spans[odd, 0], lengths)
    each = pdfium.loose_boxes(text_page, places)
    text = _with_ligatures_right(text, places, each)
    is_start = np.zeros(len(places), np.bool_)
    is_start[1:] = ~_side_by_side(each[:-1], each[1:])
    is_start[begins] = True
    starts = np.flatnonzero(is_start)
    stops = np.append(starts[1:], len(places))
    around = np.concatenate(
        [np.minimum.reduceat(each[:, :2], starts), np.maximum.reduceat(each[:, 2:], starts)], axis=1
    )
    spans = np.concatenate([spans[~odd], np.stack([places[starts], places[stops - 1] + 1], axis=1)])
    order = np.argsort(spans[:, 0], kind="stable")
    first = np.concatenate([first[~odd], each[starts]])[order]
    last = np.concatenate([last[~odd], each[stops - 1]])[order]
    return spans[order], first, last, np.concatenate([boxes[~odd], around])[order], text


def _is_leftward(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which characters are of scripts that run to the left: Hebrew, Arabic and theirs, and their forms."""
    forms = (codes >= 0xFB1D) & (codes < 0xFE00) | (codes >= 0xFE70) & (codes < 0xFEFD)
    return np.asarray((codes >= 0x590) & (codes < 0x900) | forms)


def _is_one_line(
    first: NDArray[np.float32],
    last: NDArray[np.float32],
    boxes: NDArray[np.float32],
    lengths: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Whether words, by their ends, run along one line, across or upright, and have no gap inside."""
    sizes = np.maximum(first[:, 2:] - first[:, :2], last[:, 2:] - last[:, :2])
    across, upright = (boxes[:, 2:] - boxes[:, :2]).T
    runs_across = (upright <= 1.6 * sizes[:, 1]) & (across <= 1.15 * sizes[:, 1] * lengths)
    runs_upright = (across <= 1.6 * sizes[:, 0]) & (upright <= 1.15 * sizes[:, 0] * lengths)
    return np.asarray(runs_across | runs_upright)


def _with_ligatures_right(text: str, places: NDArray[np.intp], boxes: NDArray[np.float32]) -> str:
    """Lam and alef that are one glyph, in that order: PDFium turns them round with the line they stand in."""
    letters = list(text)
    same = (boxes[:-1] == boxes[1:]).all(axis=1) & (places[:-1] + 1 == places[1:])
    for place in places[:-1][same].tolist():
        if letters[place] in _ALEFS and letters[place + 1] == _LAM:
            letters[place], letters[place + 1] = letters[place + 1], letters[place]
    return "".join(letters)


def _side_by_side(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Whether each character stands beside, above or below the one before, by less than a usual gap."""
    size = np.maximum.reduce(
        [one[:, 2] - one[:, 0], one[:, 3] - one[:, 1], other[:, 2] - other[:, 0], other[:, 3] - other[:, 1]]
    )
    across = np.maximum(one[:, 0], other[:, 0]) - np.minimum(one[:, 2], other[:, 2])
    along = np.maximum(one[:, 1], other[:, 1]) - np.minimum(one[:, 3], other[:, 3])
    beside = (across < 0.6 * size) & (along < 0)
    stacked = (along < 0.6 * size) & (across < 0)
    return np.asarray(beside | stacked)


def _around(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate(
        [np.minimum(one[:, :2], other[:, :2]), np.maximum(one[:, 2:], other[:, 2:])], axis=1
    )


def _middles(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2, np.float32)


def _unmapped(
    text_page: int, codes: NDArray[np.uint32], spans: NDArray[np.intp], styles: NDArray[np.int64]
) -> NDArray[np.int32]:
    """How many characters of each word their font gives no meaning to.

    Asked once for each character of a style: in one font a code always means the same.
    """
    wrong = np.zeros(len(spans), np.int32)
    if not len(spans):
        return wrong
    lengths = spans[:, 1] - spans[:, 0]
    owner = np.repeat(np.arange(len(spans)), lengths)
    places = np.arange(lengths.sum()) + np.repeat(spans[:, 0] - np.cumsum(lengths) + lengths, lengths)
    keys = styles[owner] * (int(codes.max()) + 1) + codes[places]
    asked, which = _one_of_each(keys, places)
    unmapped = [pdfium.is_unmapped(text_page, place) == 1 for place in asked]
    if any(unmapped):
        wrong[:] = np.bincount(owner, weights=np.array(unmapped)[which(keys)], minlength=len(spans))
    return wrong


def _one_of_each(
    keys: NDArray[np.int64], places: NDArray[np.intp]
) -> tuple[list[int], Callable[[NDArray[np.int64]], NDArray[np.intp]]]:
    """A place of each kind of key, and what tells of keys at which of those places they stand.

    By a table where keys are small, as they are in most scripts: no sorting.
    """
    most = int(keys.max()) + 1
    if most > _LARGEST_TABLE:
        kinds, first = np.unique(keys, return_index=True)
        return places[first].tolist(), lambda each: np.searchsorted(kinds, each)
    table = np.full(most, -1, np.intp)
    table[keys] = places
    kinds = np.flatnonzero(table >= 0)
    return table[kinds].tolist(), lambda each: np.searchsorted(kinds, each)


class _Styles:
    """The styles of a page's words, each once; asked of PDFium once for each text object."""

    def __init__(self, text_page: int) -> None:
        self._text_page = text_page
        self._by_object: dict[int, int] = {}
        self._by_key: dict[tuple[float, float, int], int] = {}
        self._faces: dict[int, int] = {}
        self._size = ctypes.c_float()
        self._matrix = (ctypes.c_float * 6)()
        self._colour = (ctypes.c_uint * 4)()
        self.rows: list[tuple[float, float, int]] = []

    def each(self, indices: list[int], *, in_order: bool) -> tuple[list[int], list[int]]:
        """The place in `rows` of each character's style, and its text object.

        `in_order` says that an object's characters follow one another, as they do unless PDFium has turned
        words round that run to the left: then not each is asked for.
        """
        objects = self._objects(indices) if in_order else list(map(self._object, indices))
        styles = []
        for index, owner in zip(indices, objects, strict=True):
            style = self._by_object.get(owner)
            if style is None:
                style = self._by_object[owner] = self._style(index, owner)
            styles.append(style)
        return styles, objects

    def _object(self, index: int) -> int:
        return pdfium.get_text_object(self._text_page, index) or 0

    def _objects(self, indices: list[int]) -> list[int]:
        """The text objects, asked for at every so many words, and between two that are not the same."""
        objects = [0] * len(indices)
        waiting = [(at, min(at + _STRIDE, len(indices) - 1)) for at in range(0, len(indices), _STRIDE)]
        for at in {at for pair in waiting for at in pair}:
            objects[at] = self._object(indices[at])
        while waiting:
            start, end = waiting.pop()
            if objects[start] == objects[end] != 0:
                objects[start + 1 : end] = [objects[start]] * (end - start - 1)
            elif end - start > 1:
                middle = (start + end) // 2
                objects[middle] = self._object(indices[middle])
                waiting += [(start, middle), (middle, end)]
        return objects

    def _style(self, index: int, owner: int) -> int:
        key = self._read(index, owner) if owner else (0.0, 0.0, 0)
        style = self._by_key.get(key)
        if style is None:
            if len(self.rows) >= _MOST_STYLES:
                return 0
            style = self._by_key[key] = len(self.rows)
            self.rows.append(key)
        return style

    def _read(self, index: int, owner: int) -> tuple[float, float, int]:
        pdfium.get_font_size(owner, ctypes.addressof(self._size))
        pdfium.get_text_matrix(self._text_page, index, ctypes.addressof(self._matrix))
        a, b, c, d = self._matrix[:4]
        size = self._size.value
        angle = math.degrees(math.atan2(b, a)) + (180.0 if size < 0 else 0.0)
        size = abs(size) * math.hypot(c, d)
        if not (math.isfinite(size) and math.isfinite(angle)):
            return 0.0, 0.0, HIDDEN
        mode = pdfium.get_render_mode(owner)
        flags = self._face(pdfium.get_font(owner) or 0) | (BOLD if mode == _OUTLINED else 0)
        start = ctypes.addressof(self._colour)
        if pdfium.get_fill_colour(owner, start, start + 4, start + 8, start + 12):
            red, green, blue, alpha = self._colour
            flags |= HIDDEN if alpha == 0 else 0
            flags |= LIGHT if min(red, green, blue) >= _PALE else 0
        flags |= HIDDEN if mode in _UNPAINTED else 0
        return round(min(size, 1e6), 1), round(angle % 360, 1), flags

    def _face(self, font: int) -> int:
        flags = self._faces.get(font)
        if flags is None:
            flags = self._faces[font] = _face_of(font) if font else 0
        return flags


_BOLD_NAMES = ("bold", "black", "heavy", "-bd", "cmbx", "sfbx", "ecbx", "semibd", "demi")
_ITALIC_NAMES = ("italic", "oblique", "-it", "cmti", "cmsl", "sfti", "sfsl", "ecti", "ecsl", "slanted")
"""TeX's fonts say it by two letters of their names: `cmbx10`, `SFTI1000`."""
_FORCE_BOLD, _ITALIC_FLAG = 1 << 18, 1 << 6
"""Flags of a font's descriptor (ISO 32000-2, table 121)."""


def _face_of(font: int) -> int:
    """Bold and italic as the font's name or its descriptor says."""
    buffer = ctypes.create_string_buffer(128)
    pdfium.get_font_name(font, ctypes.addressof(buffer), 127)
    name, told = buffer.value.decode("latin-1").lower(), max(0, pdfium.get_font_flags(font))
    bold = any(part in name for part in _BOLD_NAMES) or told & _FORCE_BOLD
    italic = any(part in name for part in _ITALIC_NAMES) or told & _ITALIC_FLAG
    return (BOLD if bold else 0) | (ITALIC if italic else 0)
