"""What is found on a turned page is found again on the page as it was."""

from __future__ import annotations

import numpy as np
import pytest

from ocrchat.imaging.turn import box_before, turned_back
from ocrchat.model import Box, PageImage


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_box_of_the_upright_page_is_found_on_the_turned_one(rotation: int) -> None:
    pixels = np.zeros((40, 70), np.uint8)
    pixels[5:9, 12:30] = 255
    image = PageImage(pixels, None, 1.0)
    upright = turned_back(image, rotation) if rotation else image
    rows, columns = np.nonzero(upright.pixels)
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    assert box_before(box, rotation, 70, 40) == Box(12, 5, 30, 9)
