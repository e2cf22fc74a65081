from __future__ import annotations

import cv2
import numpy as np

from ocrchat.engines.cpu.text_map import quads_in
from ocrchat.imaging.quads import box_of, size_of
from ocrchat.model import Box


def logits(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    """A map of 200 x 300 that is sure of text inside the boxes and of none elsewhere."""
    marked = np.full((200, 300), -6, np.float32)
    for x0, y0, x1, y1 in boxes:
        marked[y0:y1, x0:x1] = 6
    return marked


def test_a_mark_becomes_a_grown_quad_in_pixels_of_the_page() -> None:
    (quad,) = quads_in(logits((50, 80, 250, 90)), (2.0, 2.0))
    box = box_of(quad, 600, 400)
    assert (box.x0, box.x1) != (100, 500)
    assert box.intersection(Box(100, 160, 500, 180)) == Box(100, 160, 500, 180)
    assert 1.3 * 20 < size_of(quad)[1] < 3 * 20


def test_specks_and_doubtful_marks_are_no_lines() -> None:
    assert quads_in(logits((10, 10, 12, 12)), (1.0, 1.0)) == []
    doubtful = logits()
    doubtful[50:60, 50:250] = -0.5
    assert quads_in(doubtful, (1.0, 1.0)) == []


def test_text_inside_a_frame_is_found_once_and_the_hole_is_not() -> None:
    marked = logits((100, 95, 200, 105))
    cv2.rectangle(marked, (20, 20), (280, 180), 6.0, 4)
    centres = [tuple(np.round(quad.mean(axis=0))) for quad in quads_in(marked, (1.0, 1.0))]
    assert len(centres) <= 2
    assert any(abs(x - 150) < 3 and abs(y - 100) < 3 for x, y in centres)
