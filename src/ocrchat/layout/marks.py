"""Hold what is drawn on a page beside its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ocrchat.layout.layer_pictures import pictures_of_layer
from ocrchat.model import Box, TextLayer

Quads = NDArray[np.float32]
"""Quads as `imaging.quads` has them, float32 of shape (n, 4, 2), in pixels of the page."""


def _none() -> Quads:
    return np.zeros((0, 4, 2), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Drawn lines, grounds that are filled with a colour, and pictures, each where it lies on the page."""

    rules: Quads = field(default_factory=_none)
    grounds: Quads = field(default_factory=_none)
    pictures: Quads = field(default_factory=_none)


def marks_of_layer(layer: TextLayer) -> Marks:
    """What a PDF says is drawn on its page."""
    return Marks(quads_of(layer.rules), quads_of(layer.grounds), quads_of(pictures_of_layer(layer)))


def quads_of(boxes: Iterable[Box]) -> Quads:
    """Upright boxes as quads."""
    sides = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes], np.float32).reshape(-1, 4)
    return sides[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
