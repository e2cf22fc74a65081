"""Join pieces that stand side by side into printed lines."""

from __future__ import annotations

from collections.abc import Sequence

from ocrchat.imaging.quads import Rects

Indices = tuple[int, ...]


def in_rows(rects: Rects, which: Sequence[int]) -> tuple[Indices, ...]:
    """The chosen rectangles as rows from top to bottom, each from left to right.

    A rectangle joins the row whose last piece it overlaps by over half of the lower one's height.
    """
    sides: list[list[float]] = rects.tolist()
    middles = [y0 + y1 for _, y0, _, y1 in sides]
    rows: list[list[int]] = []
    for index in sorted(which, key=lambda i: (middles[i], sides[i][0])):
        for row in reversed(rows[-3:]):
            if any(_side_by_side(sides[index], sides[other]) for other in row):
                row.append(index)
                break
        else:
            rows.append([index])
    rows.sort(key=lambda row: sum([middles[i] for i in row]) / len(row))
    return tuple(tuple(sorted(row, key=lambda i: sides[i][0])) for row in rows)


def _side_by_side(one: Sequence[float], other: Sequence[float]) -> bool:
    x0, y0, x1, y1 = one
    u0, v0, u1, v1 = other
    if y1 <= v0 or v1 <= y0:
        return False
    if min(x1, u1) - max(x0, u0) >= 0.3 * min(x1 - x0, u1 - u0):
        return False
    return min(y1, v1) - max(y0, v0) > 0.5 * min(y1 - y0, v1 - v0)
