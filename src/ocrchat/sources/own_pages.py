"""Say how a PDF's page lies, and take its invisible text from it."""

from __future__ import annotations

import pikepdf

from ocrchat.sources.sheets import Matrix

_SHOWING = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3
_DEEPEST = 1000
_ALIKE = 0.9
"""Share of our words that a page's own text must have to be as good as ours."""


def says_the_same(own: str, ours: str) -> bool:
    """Whether a page's own text has most of the words that were read on it."""
    words = set(ours.casefold().split())
    return len(words & set(own.casefold().split())) >= _ALIKE * len(words) if words else True


def lie_of(page: pikepdf.Page, width: int, height: int) -> Matrix:
    """From pixels of the page as it is shown (y up) to its user space, whatever its /Rotate and boxes are."""
    x0, y0, x1, y1 = _visible(page)
    turn = turn_of(page)
    across, down = (x1 - x0, y1 - y0) if turn in (0, 180) else (y1 - y0, x1 - x0)
    a, b = across / width, down / height
    return {
        0: (a, 0.0, 0.0, b, x0, y0),
        90: (0.0, a, -b, 0.0, x1, y0),
        180: (-a, 0.0, 0.0, -b, x1, y1),
        270: (0.0, -a, b, 0.0, x0, y1),
    }.get(turn, (a, 0.0, 0.0, b, x0, y0))


def turn_of(page: pikepdf.Page) -> int:
    """The degrees clockwise by which a viewer turns the page."""
    return int(page.obj.get("/Rotate", 0)) % 360


def turned_forth(rotation: int, width: int, height: int) -> Matrix:
    """From pixels of the upright page, `width` by `height`, to those of the page as it is shown (y up)."""
    return {
        90: (0.0, -1.0, 1.0, 0.0, 0.0, float(width)),
        180: (-1.0, 0.0, 0.0, -1.0, float(width), float(height)),
        270: (0.0, 1.0, -1.0, 0.0, float(height), 0.0),
    }.get(rotation, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))


def drop_invisible_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Take from the page's own content what shows text in the invisible mode: somebody's earlier layer."""
    kept, modes, dropped = [], [0], False
    for instruction in pikepdf.parse_content_stream(page):
        name, operands = str(instruction.operator), instruction.operands
        if name == "q" and len(modes) < _DEEPEST:
            modes.append(modes[-1])
        elif name == "Q" and len(modes) > 1:
            modes.pop()
        elif name == "Tr" and operands:
            modes[-1] = int(str(operands[0]))
        if name in _SHOWING and modes[-1] == _INVISIBLE:
            dropped = True
            continue
        kept.append(instruction)
    if dropped:
        page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """(left, bottom, right, top) of the crop box inside the media box; its, where they do not meet."""
    media, crop = ([float(side) for side in box] for box in (page.mediabox, page.cropbox))
    mx0, mx1, my0, my1 = *sorted(media[0::2]), *sorted(media[1::2])
    cx0, cx1, cy0, cy1 = *sorted(crop[0::2]), *sorted(crop[1::2])
    x0, y0, x1, y1 = max(mx0, cx0), max(my0, cy0), min(mx1, cx1), min(my1, cy1)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else (mx0, my0, mx1, my1)
