"""Call PDFium thousands of times a page: its functions with arguments that cost nothing to convert.

Handles and addresses are plain integers here. A call takes half as long as through pypdfium2's own
declarations, and a text page needs some thousand of them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import repeat

import numpy as np
import pypdfium2.raw
from numpy.typing import NDArray

_HANDLE, _INT = ctypes.c_void_p, ctypes.c_int

BROKEN_HYPHEN = 0x02
"""PDFium's code for a hyphen at the end of a line; the next line follows without a break."""
_HYPHEN_IN_TEXT = 0xFFFE
"""The same in its texts."""


def _call(name: str, result: type | None, *arguments: type) -> Callable[..., int]:
    """PDFium's function of that name; it neither waits nor calls back, so the GIL stays where it is."""
    address = ctypes.cast(getattr(pypdfium2.raw, name), _HANDLE).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


count_characters = _call("FPDFText_CountChars", _INT, _HANDLE)
get_text = _call("FPDFText_GetText", _INT, _HANDLE, _INT, _INT, _HANDLE)
get_unicode = _call("FPDFText_GetUnicode", ctypes.c_uint, _HANDLE, _INT)
get_loose_box = _call("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _HANDLE)
get_text_object = _call("FPDFText_GetTextObject", _HANDLE, _HANDLE, _INT)
get_text_matrix = _call("FPDFText_GetMatrix", _INT, _HANDLE, _INT, _HANDLE)
is_unmapped = _call("FPDFText_HasUnicodeMapError", _INT, _HANDLE, _INT)

get_font = _call("FPDFTextObj_GetFont", _HANDLE, _HANDLE)
get_font_size = _call("FPDFTextObj_GetFontSize", _INT, _HANDLE, _HANDLE)
get_render_mode = _call("FPDFTextObj_GetTextRenderMode", _INT, _HANDLE)
get_font_name = _call("FPDFFont_GetBaseFontName", ctypes.c_size_t, _HANDLE, _HANDLE, ctypes.c_size_t)
get_font_flags = _call("FPDFFont_GetFlags", _INT, _HANDLE)

count_objects = _call("FPDFPage_CountObjects", _INT, _HANDLE)
get_object = _call("FPDFPage_GetObject", _HANDLE, _HANDLE, _INT)
count_form_objects = _call("FPDFFormObj_CountObjects", _INT, _HANDLE)
get_form_object = _call("FPDFFormObj_GetObject", _HANDLE, _HANDLE, ctypes.c_ulong)
get_type = _call("FPDFPageObj_GetType", _INT, _HANDLE)
get_bounds = _call("FPDFPageObj_GetBounds", _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
get_matrix = _call("FPDFPageObj_GetMatrix", _INT, _HANDLE, _HANDLE)
get_fill_colour = _call("FPDFPageObj_GetFillColor", _INT, _HANDLE, _HANDLE, _HANDLE, _HANDLE, _HANDLE)
has_transparency = _call("FPDFPageObj_HasTransparency", _INT, _HANDLE)
get_clip = _call("FPDFPageObj_GetClipPath", _HANDLE, _HANDLE)
count_clip_paths = _call("FPDFClipPath_CountPaths", _INT, _HANDLE)
count_clip_segments = _call("FPDFClipPath_CountPathSegments", _INT, _HANDLE, _INT)
get_clip_segment = _call("FPDFClipPath_GetPathSegment", _HANDLE, _HANDLE, _INT, _INT)
get_draw_mode = _call("FPDFPath_GetDrawMode", _INT, _HANDLE, _HANDLE, _HANDLE)
count_segments = _call("FPDFPath_CountSegments", _INT, _HANDLE)
get_segment = _call("FPDFPath_GetPathSegment", _HANDLE, _HANDLE, _INT)
get_segment_type = _call("FPDFPathSegment_GetType", _INT, _HANDLE)
is_segment_closing = _call("FPDFPathSegment_GetClose", _INT, _HANDLE)
get_segment_point = _call("FPDFPathSegment_GetPoint", _INT, _HANDLE, _HANDLE, _HANDLE)
get_image_size = _call("FPDFImageObj_GetImagePixelSize", _INT, _HANDLE, _HANDLE, _HANDLE)
get_image_bytes = _call(
    "FPDFImageObj_GetImageDataRaw", ctypes.c_ulong, _HANDLE, _HANDLE, ctypes.c_ulong
)  # fmt: skip


def handle_of(wrapped: object) -> int:
    """The address behind a handle of pypdfium2."""
    return ctypes.cast(wrapped.raw, _HANDLE).value or 0  # type: ignore[attr-defined]  # every wrapper has one


def text_of(text_page: int, count: int) -> str:
    """The code points of a text page, one for each of its `count` characters, in the file's order.

    A hyphen that ends a line is BROKEN_HYPHEN; what is no Unicode character becomes U+FFFD.
    """
    units = np.zeros(2 * count + 2, np.uint16)
    written = get_text(text_page, 0, count, units.ctypes.data)
    text = units[: max(0, written - 1)].tobytes().decode("utf-16-le", "surrogatepass")
    if len(text) == count and text.isprintable():
        return text
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = np.where(codes == _HYPHEN_IN_TEXT, BROKEN_HYPHEN, codes)
    if len(codes) != count:  # PDFium leaves out what has no meaning at all
        codes = np.fromiter(map(get_unicode, repeat(text_page, count), range(count)), np.uint32, count)
    return valid(codes).tobytes().decode("utf-32-le")


def valid(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The code points with U+FFFD for those that are none, or that Unicode keeps for nobody."""
    wrong = (codes > 0x10FFFF) | ((codes >= 0xD800) & (codes < 0xE000)) | (codes & 0xFFFE == 0xFFFE)
    return np.where(wrong, np.uint32(0xFFFD), codes)


def loose_boxes(text_page: int, indices: NDArray[np.intp]) -> NDArray[np.float32]:
    """Left, bottom, right, top in points for some characters: from descender to ascender, advance wide."""
    boxes = np.zeros((len(indices), 4), np.float32)  # FS_RECTF is left, top, right, bottom
    start = boxes.ctypes.data
    places = range(start, start + boxes.nbytes, 16)
    for _ in map(get_loose_box, repeat(text_page), indices.tolist(), places):
        pass
    return np.stack(
        [
            np.minimum(boxes[:, 0], boxes[:, 2]),
            np.minimum(boxes[:, 1], boxes[:, 3]),
            np.maximum(boxes[:, 0], boxes[:, 2]),
            np.maximum(boxes[:, 1], boxes[:, 3]),
        ],
        axis=1,
    )
