"""Find what is said under or over a table or a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocrchat.layout.blocks import Group
from ocrchat.layout.found import Figure, Found
from ocrchat.layout.grid import Grid
from ocrchat.model import BlockType

MOST_ROWS = 8
"""Lines of a caption."""
NEAR = 3.0
"""Times the height of a line: how far from its table a caption without a stop after its number may be."""
BESIDE = 0.5
"""The share of the narrower one's width for which it stands over or under it."""
_LABEL = re.compile(  # a reader may take 1 for l
    r"(?:figure|fig\.?|table|tab\.?|chart|exhibit|listing|plate|scheme|abbildung|abb\.?|tabelle|tableau|figura|"
    r"tabla|tabela|tabella|quadro|cuadro|obr\.?|tabulka|rys\.?|tabel|рис\.?|рисунок|таблица|табл\.?|εικόνα|πίνακας|"
    r"图|圖|表|図|그림|표)\s*(?:[A-Z]?\d+(?:[.-]\d+)*|[IVX]+|l)[a-z]?\b(?P<stop>\s*[.:|–—-])?",
    re.IGNORECASE,
)


def with_captions(found: Sequence[Found], figures: Sequence[Figure] = ()) -> tuple[Found, ...]:
    """The groups and tables of a page in order, paragraphs that name a table or figure as captions.

    A name alone is enough where a stop follows its number; else the table or figure must be next to it, and
    no sentence may go on after the number.
    """
    return tuple(
        replace(each, type=BlockType.CAPTION)
        if isinstance(each, Group) and _is_caption(each, place, found, figures)
        else each
        for place, each in enumerate(found)
    )


def _is_caption(group: Group, place: int, found: Sequence[Found], figures: Sequence[Figure]) -> bool:
    label = _LABEL.match(group.rows[0].line.text)
    if label is None or len(group.rows) > MOST_ROWS or group.type is not BlockType.PARAGRAPH:
        return False
    if label["stop"]:
        return True
    if group.rows[0].line.text[label.end() :].lstrip()[:1].islower():  # Table 3 shows how ...
        return False
    beside = [found[other] for other in (place - 1, place + 1) if 0 <= other < len(found)]
    tables: list[Figure | Grid] = [each for each in beside if isinstance(each, Grid)]
    return any(is_near(group, each) for each in [*tables, *figures])


def is_near(group: Group, other: Figure | Grid) -> bool:
    """Whether a paragraph stands close over or under a table or figure, for half the width of one of them."""
    x0, x1 = min(row.x0 for row in group.rows), max(row.x1 for row in group.rows)
    shared = min(x1, other.x1) - max(x0, other.x0)
    gap = max(other.y0 - group.rows[-1].y1, group.rows[0].y0 - other.y1)
    return shared >= BESIDE * min(x1 - x0, other.x1 - other.x0) and gap < NEAR * group.height
