"""Tell which pictures of a page are figures, and put each where a person looks at it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocrchat.layout.blocks import Group
from ocrchat.layout.captions import is_near
from ocrchat.layout.found import Figure, Found, Shown
from ocrchat.layout.grid import Grid
from ocrchat.layout.parts import Part
from ocrchat.layout.rows import in_rows
from ocrchat.model import BlockType

MOST_TEXT = 0.4
"""The share of a picture's area that lines of text may take: above, it is one of text, or its ground."""
SOME_TEXT, MOST_LETTERS = 0.12, 0.5
"""The same of one that holds more than that share of the page's letters: its words are the page's."""
MOST_TABLE = 0.5
"""The share of the larger one that a picture and a table may have in common: above, both are the same."""


def figures_among(
    pictures: Sequence[Figure], parts: Sequence[Part], tables: Sequence[Grid]
) -> tuple[Figure, ...]:
    """The pictures that show something; `parts` are all lines of the page, those of `tables` too.

    What is mostly text or a table is read and no figure. Lines in a figure stay blocks of their own: no
    text is lost where something was wrongly taken for a picture.
    """
    letters = sum(len(part.line.text) for part in parts)
    return tuple(each for each in pictures if _is_figure(each, parts, tables, letters))


def with_figures(found: Sequence[Found], figures: Sequence[Figure]) -> tuple[Shown, ...]:
    """The paragraphs and tables of a page in order, each figure between them.

    A figure stands by its caption, before the words that lie in it, or next to what is printed over or
    under it in its column. It moves none of the text.
    """
    sides = np.array([(each.x0, each.y0, each.x1, each.y1) for each in figures], np.float32).reshape(-1, 4)
    in_order = [figures[at] for row in in_rows(sides, range(len(figures))) for at in row]
    placed = [(_place_of(each, found), each) for each in in_order]
    shown: list[Shown] = []
    for place in range(len(found) + 1):
        shown += [each for at, each in placed if at == place]
        shown += found[place : place + 1]
    return tuple(shown)


def _is_figure(figure: Figure, parts: Sequence[Part], tables: Sequence[Grid], letters: int) -> bool:
    area = max(1.0, figure.area)
    if any(_shared(figure, each) > MOST_TABLE * max(area, each.area) for each in tables):
        return False
    inside = [part for part in parts if figure.holds(part.centre, part.middle)]
    text = sum(part.width * part.height for part in inside) / area
    said = sum(len(part.line.text) for part in inside)
    return text <= MOST_TEXT and not (text > SOME_TEXT and said > MOST_LETTERS * letters)


def _place_of(figure: Figure, found: Sequence[Found]) -> int:
    """Before which of what was found the figure stands; their number where it comes last."""
    sides = [_sides(each) for each in found]
    inside = [at for at, (x0, y0, x1, y1) in enumerate(sides) if figure.holds((x0 + x1) / 2, (y0 + y1) / 2)]
    if inside:
        return inside[0]
    captioned = _by_caption(figure, found)
    if captioned is not None:
        return captioned
    middle = (figure.y0 + figure.y1) / 2
    beside = [at for at, (x0, _, x1, _) in enumerate(sides) if min(x1, figure.x1) > max(x0, figure.x0)]
    above = [at for at in beside if (sides[at][1] + sides[at][3]) / 2 <= middle]
    below = [at for at in beside if (sides[at][1] + sides[at][3]) / 2 > middle]
    over = max(above, key=lambda at: (sides[at][3], -at)) if above else None
    under = min(below) if below else None
    if over is None and under is None:
        return next((at for at, each in enumerate(sides) if each[1] > figure.y0), len(found))
    if over is None or under is None:
        return over + 1 if over is not None else under or 0
    is_under = _likeness(figure, sides[under]) > 1.2 * _likeness(figure, sides[over])
    return under if is_under else over + 1


def _by_caption(figure: Figure, found: Sequence[Found]) -> int | None:
    """The place before a caption that stands under the figure, or after one over it."""
    best: tuple[float, int] | None = None
    for at, each in enumerate(found):
        if not isinstance(each, Group) or each.type is not BlockType.CAPTION:
            continue
        if any(isinstance(other, Grid) and is_near(each, other) for other in found[max(0, at - 1) : at + 2]):
            continue
        if is_near(each, figure):
            is_under = each.rows[0].y0 > (figure.y0 + figure.y1) / 2
            gap = each.rows[0].y0 - figure.y1 if is_under else figure.y0 - each.rows[-1].y1
            best = min(best or (gap, at + 1 - is_under), (gap, at + 1 - is_under))
    return best[1] if best else None


def _sides(each: Found) -> tuple[float, float, float, float]:
    if isinstance(each, Grid):
        return each.x0, each.y0, each.x1, each.y1
    return (
        min(row.x0 for row in each.rows),
        min(row.y0 for row in each.rows),
        max(row.x1 for row in each.rows),
        max(row.y1 for row in each.rows),
    )


def _shared(figure: Figure, table: Grid) -> float:
    across = min(figure.x1, table.x1) - max(figure.x0, table.x0)
    down = min(figure.y1, table.y1) - max(figure.y0, table.y0)
    return max(0.0, across) * max(0.0, down)


def _likeness(figure: Figure, sides: tuple[float, float, float, float]) -> float:
    """How much of the width of both is shared: 1 for what stands in one column."""
    shared = min(figure.x1, sides[2]) - max(figure.x0, sides[0])
    return shared / (max(figure.x1, sides[2]) - min(figure.x0, sides[0]))
