"""Find what a PDF page has beside its words: drawn lines, filled grounds, pictures (inside the lock)."""

from __future__ import annotations

import ctypes
import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat

from ocrchat.sources import pdfium_calls as pdfium
from ocrchat.sources.pdf_space import Matrix, Rect, common, moved, shares, spanned, times

_PATH, _IMAGE, _FORM = 2, 3, 5
_LINE_TO, _BEZIER_TO, _MOVE_TO = 0, 1, 2
_MOST_OBJECTS = 30_000
_MOST_SEGMENTS = 20_000
_DEEPEST = 4
MOST_MARKS = 4_000
"""Lines, grounds and shapes of a page that are told, of each kind; the same for pictures, an eighth of it."""

_THIN, _LONG = 3.0, 6.0
"""Points that a line is thick at most, and long at least."""
_GROUND = 4.0
"""Points that a filled rectangle is wide and high at least to be something's ground."""
_WHITE = 235
_LARGEST_HASHED = 1 << 22


@dataclass(frozen=True, slots=True)
class PdfPicture:
    """An image as `model.Picture` has it, in points; `order` is its place among the objects painted."""

    rect: Rect
    digest: str
    width: int
    height: int


@dataclass(slots=True)
class PdfMarks:
    """What is drawn on a page. `covers` are opaque areas with their place in the order of painting."""

    rules: list[Rect] = field(default_factory=list)
    grounds: list[Rect] = field(default_factory=list)
    shapes: list[Rect] = field(default_factory=list)
    pictures: list[PdfPicture] = field(default_factory=list)
    covers: list[tuple[Rect, int]] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)


def marks_of(page: int) -> PdfMarks:
    """The marks of an open page, forms within forms included; some milliseconds for a thousand objects."""
    found = PdfMarks()
    reader = _Objects()
    for place, (each, kind, matrix) in enumerate(_painted(page)):
        found.order[each] = place
        if kind == _PATH:
            reader.read_path(each, matrix, place, found)
        elif kind == _IMAGE and len(found.pictures) < MOST_MARKS // 8:
            reader.read_image(each, matrix, place, found)
    for kept in (found.rules, found.grounds, found.shapes):
        del kept[MOST_MARKS:]
    return found


def _painted(page: int) -> Iterator[tuple[int, int, Matrix | None]]:
    """Each object with its type and the matrix of the forms it stands in, in the order of painting."""
    count = min(pdfium.count_objects(page), _MOST_OBJECTS)
    objects = list(map(pdfium.get_object, repeat(page, count), range(count)))
    left = [_MOST_OBJECTS - count]
    for each, kind in zip(objects, map(pdfium.get_type, objects), strict=True):
        if kind == _FORM:
            yield from _within(each, None, 1, left)
        else:
            yield each, kind, None


def _within(
    form: int, outer: Matrix | None, depth: int, left: list[int]
) -> Iterator[tuple[int, int, Matrix]]:
    matrix = times(_matrix_of(form), outer)
    for index in range(min(pdfium.count_form_objects(form), left[0])):
        left[0] -= 1
        each = pdfium.get_form_object(form, index)
        kind = pdfium.get_type(each)
        if kind != _FORM:
            yield each, kind, matrix
        elif depth < _DEEPEST:
            yield from _within(each, matrix, depth + 1, left)


class _Objects:
    """Reads objects with buffers that are made once a page."""

    def __init__(self) -> None:
        self._floats = (ctypes.c_float * 4)()
        self._numbers = (ctypes.c_uint * 4)()
        self._modes = (ctypes.c_int * 2)()
        self._segments = _MOST_SEGMENTS

    def read_path(self, path: int, matrix: Matrix | None, place: int, found: PdfMarks) -> None:
        """Add what a path draws: lines where it is thin, a ground where it is filled."""
        rect = self._bounds(path, matrix)
        if rect is None:
            return
        modes = ctypes.addressof(self._modes)
        if not pdfium.get_draw_mode(path, modes, modes + 4):
            return
        is_filled, is_stroked = self._modes[0] != 0, self._modes[1] != 0
        if not (is_filled or is_stroked):
            return
        if _is_rule(rect):
            found.rules.append(rect)
            return
        count = pdfium.count_segments(path)
        if is_filled:
            self._fill(path, rect, count, matrix, place, found)
        if is_stroked and 3 <= count <= 5:
            found.rules += _edges(rect)
        elif count > 5 and (is_stroked or max(rect[2] - rect[0], rect[3] - rect[1]) > 10 * _LONG):
            found.rules += [rule for rule in self._strokes(path, matrix, count) if _is_rule(rule)]

    def read_image(self, image: int, matrix: Matrix | None, place: int, found: PdfMarks) -> None:
        """Add an image that is not out of the page altogether."""
        whole = self._bounds(image, matrix)
        clip = None if whole is None else self._clip(image, matrix, whole)
        if whole is None or clip is None:
            return
        rect, is_even = clip
        start = ctypes.addressof(self._numbers)
        width = height = 0
        if pdfium.get_image_size(image, start, start + 4):
            width, height = self._numbers[0], self._numbers[1]
        digest = _digest(image, width, height)
        if rect != whole:
            left, bottom, right, top = parts = shares(rect, whole)
            digest = f"{digest} {parts}"
            width, height = round(width * (right - left)), round(height * (top - bottom))
        found.pictures.append(PdfPicture(rect, digest, width, height))
        if is_even and not pdfium.has_transparency(image):
            found.covers.append((rect, place))

    def _fill(
        self, path: int, rect: Rect, count: int, matrix: Matrix | None, place: int, found: PdfMarks
    ) -> None:
        start = ctypes.addressof(self._numbers)
        if not pdfium.get_fill_colour(path, start, start + 4, start + 8, start + 12):
            return
        red, green, blue, alpha = self._numbers
        if not alpha:
            return
        clip = self._clip(path, matrix, rect)
        if clip is None:
            return
        rect, is_even = clip
        wide, high = rect[2] - rect[0], rect[3] - rect[1]
        is_white = min(red, green, blue) > _WHITE
        if count <= 5 and min(wide, high) >= _GROUND:
            if not is_white:
                found.grounds.append(rect)
            if alpha == 255 and is_even and not pdfium.has_transparency(path):
                found.covers.append((rect, place))
        elif count > 5:
            if not is_white and 2.5 <= high <= 60 and 1 <= wide <= 90:
                found.shapes.append(rect)
            elif not is_white and min(wide, high) >= _GROUND:
                found.grounds.append(rect)

    def _bounds(self, each: int, matrix: Matrix | None) -> Rect | None:
        start = ctypes.addressof(self._floats)
        if not pdfium.get_bounds(each, start, start + 4, start + 8, start + 12):
            return None
        left, bottom, right, top = self._floats
        if matrix is not None:
            corners = [moved(x, y, matrix) for x in (left, right) for y in (bottom, top)]
            left, right = min(x for x, _ in corners), max(x for x, _ in corners)
            bottom, top = min(y for _, y in corners), max(y for _, y in corners)
        rect = (left, bottom, right, top)
        return rect if all(math.isfinite(side) and abs(side) < 1e7 for side in rect) else None

    def _clip(self, each: int, outer: Matrix | None, rect: Rect) -> tuple[Rect, bool] | None:
        """What an object's clipping leaves of its rectangle, and whether it is a rectangle; None: nothing.

        A clipping of another shape counts by what it spans.
        """
        clip, is_even = pdfium.get_clip(each), True
        for path in range(pdfium.count_clip_paths(clip) if clip else 0):
            count = pdfium.count_clip_segments(clip, path)
            points = list(self._clip_points(clip, path, count, outer))
            if points:
                across, up = zip(*points, strict=True)
                rect = common(rect, (min(across), min(up), max(across), max(up)))
                is_even &= count <= 5 and len({*across}) == len({*up}) == 2
        return (rect, is_even) if rect[0] < rect[2] and rect[1] < rect[3] else None

    def _clip_points(
        self, clip: int, path: int, count: int, outer: Matrix | None
    ) -> Iterator[tuple[float, float]]:
        start = ctypes.addressof(self._floats)
        for index in range(min(count, self._segments)):
            self._segments -= 1
            segment = pdfium.get_clip_segment(clip, path, index)
            if segment and pdfium.get_segment_point(segment, start, start + 4):
                x, y = self._floats[:2]
                yield (x, y) if outer is None else moved(x, y, outer)

    def _strokes(self, path: int, outer: Matrix | None, count: int) -> Iterator[Rect]:
        """The straight pieces of a path as rectangles without thickness."""
        matrix = times(_matrix_of(path), outer)
        start = ctypes.addressof(self._floats)
        before = begin = (0.0, 0.0)
        for index in range(min(count, self._segments)):
            self._segments -= 1
            segment = pdfium.get_segment(path, index)
            if not segment or not pdfium.get_segment_point(segment, start, start + 4):
                return
            point = moved(self._floats[0], self._floats[1], matrix)
            kind = pdfium.get_segment_type(segment)
            if kind == _MOVE_TO:
                begin = point
            elif kind == _LINE_TO:
                yield spanned(before, point)
                if pdfium.is_segment_closing(segment) and before != begin:
                    yield spanned(point, begin)
            before = point


def _digest(image: int, width: int, height: int) -> str:
    """What tells an image from the document's others: a hash of its bytes, its size where they are many."""
    length = pdfium.get_image_bytes(image, None, 0)
    if not 0 < length <= _LARGEST_HASHED:
        return f"{length}:{width}x{height}"
    buffer = ctypes.create_string_buffer(length)
    pdfium.get_image_bytes(image, ctypes.addressof(buffer), length)
    return hashlib.blake2b(buffer.raw, digest_size=12).hexdigest()


def _is_rule(rect: Rect) -> bool:
    wide, high = rect[2] - rect[0], rect[3] - rect[1]
    return min(wide, high) <= _THIN and max(wide, high) >= _LONG


def _edges(rect: Rect) -> list[Rect]:
    left, bottom, right, top = rect
    sides = [
        (left, bottom, right, bottom),
        (left, top, right, top),
        (left, bottom, left, top),
        (right, bottom, right, top),
    ]
    return [side for side in sides if _is_rule(side)]


def _matrix_of(each: int) -> Matrix:
    values = (ctypes.c_float * 6)()
    if not pdfium.get_matrix(each, ctypes.addressof(values)):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    a, b, c, d, e, f = values
    return a, b, c, d, e, f
