from __future__ import annotations

import math

import numpy as np
import pytest

from ocrchat.imaging.quads import (
    Quad,
    box_of,
    is_standing,
    laid,
    part_of,
    quad_around,
    size_of,
    skew_of,
    upright,
)
from ocrchat.model import Box


def lying(x: float, y: float, width: float, height: float, degrees: float = 0.0) -> Quad:
    """A line of that size whose top-left corner stands at x, y, turned clockwise around it."""
    angle = math.radians(degrees)
    along, across = (
        np.array([math.cos(angle), math.sin(angle)]),
        np.array([-math.sin(angle), math.cos(angle)]),
    )
    start = np.array([x, y])
    corners = [start, start + along * width, start + along * width + across * height, start + across * height]
    return np.array(corners, np.float32)


@pytest.mark.parametrize("degrees", [-10.0, 0.0, 3.0, 80.0, 90.0])
def test_corners_are_named_as_they_are_seen(degrees: float) -> None:
    quad = quad_around((100.0, 100.0), (80.0, 20.0), degrees)
    assert quad[0, 0] < quad[1, 0]
    assert quad[3, 0] < quad[2, 0]
    assert quad[0, 1] < quad[3, 1]
    assert quad[1, 1] < quad[2, 1]


def test_a_standing_line_is_laid_so_that_its_top_comes_first() -> None:
    quad = lying(10, 20, 30, 300)
    assert is_standing(quad)
    assert size_of(laid(quad)) == pytest.approx((300, 30))
    assert laid(quad)[0].tolist() == [40, 20]
    assert not is_standing(laid(quad))


def test_a_part_of_a_slanted_line_slants_with_it() -> None:
    quad = lying(0, 0, 200, 20, 10)
    part = part_of(quad, 0.25, 0.75)
    assert size_of(part) == pytest.approx((100, 20), abs=1e-3)
    assert part[0] == pytest.approx(quad[0] + 0.25 * (quad[1] - quad[0]), abs=1e-3)


@pytest.mark.parametrize(
    ("quad", "box"),
    [
        (lying(10, 10, 30, 8), Box(10, 10, 40, 18)),
        (lying(-5, -5, 30, 8), Box(0, 0, 25, 3)),
        (lying(95, 45, 30, 30), Box(95, 45, 100, 50)),
        (lying(300, 300, 30, 8), Box(99, 49, 100, 50)),
    ],
)
def test_boxes_stay_inside_the_page_and_are_never_empty(quad: Quad, box: Box) -> None:
    assert box_of(quad, 100, 50) == box


@pytest.mark.parametrize("degrees", [-7.0, 0.0, 0.4, 12.0])
def test_skew_is_measured_and_undone(degrees: float) -> None:
    quads = [lying(50, 100 * i, 400 + 50 * i, 20, degrees) for i in range(1, 6)]
    assert skew_of(quads) == pytest.approx(degrees, abs=0.01)
    rects = upright(quads, skew_of(quads))
    assert (rects[:, 3] - rects[:, 1]) == pytest.approx(20, abs=0.1)


def test_a_few_short_marks_tell_no_skew() -> None:
    assert skew_of([lying(0, 0, 30, 20, 15), lying(0, 50, 400, 20, 15)]) == 0.0


def test_upright_boxes_have_no_skew_and_those_that_fall_have() -> None:
    boxes = [np.array([[0, y], [300, y], [300, y + 20], [0, y + 20]], np.float32) for y in range(0, 200, 40)]
    assert skew_of(boxes) == 0.0
    turned = [box + np.array([[0, 0], [0, 6], [0, 6], [0, 0]], np.float32) for box in boxes]
    assert 1.0 < skew_of(turned) < 1.3
