"""Rectangles and matrices of a PDF page, in points from its lower left corner."""

from __future__ import annotations

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""
Matrix = tuple[float, float, float, float, float, float]
"""a to f: x' = ax + cy + e, y' = bx + dy + f."""


def common(one: Rect, other: Rect) -> Rect:
    """What two rectangles share; its right is left of its left where that is nothing."""
    left, bottom, right, top = zip(one, other, strict=True)
    return max(left), max(bottom), min(right), min(top)


def shares(part: Rect, whole: Rect) -> Rect:
    """Where a part's sides lie in the whole, of its width and height, to a thousandth."""
    left, bottom, right, top = whole
    wide, high = right - left, top - bottom
    return (
        round((part[0] - left) / wide, 3),
        round((part[1] - bottom) / high, 3),
        round((part[2] - left) / wide, 3),
        round((part[3] - bottom) / high, 3),
    )


def spanned(one: tuple[float, float], other: tuple[float, float]) -> Rect:
    """The rectangle that two points span."""
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def times(inner: Matrix, outer: Matrix | None) -> Matrix:
    """One matrix for what stands in a form that stands in another; no outer one is the page."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def moved(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    """Where a matrix puts a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
