"""Turn a detector's map of text into the places of lines."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocrchat.imaging.quads import Quad, quad_around

INK = 0.3
"""A pixel is text from this probability."""
KEPT = 0.5
"""A place is kept from this mean probability."""
UNCLIP = 1.6
"""The map marks shrunken lines; each is grown by this times its area over its perimeter."""
THINNEST = 3
"""Map pixels; a thinner mark is no text."""


def quads_in(logits: NDArray[np.float32], scale: tuple[float, float]) -> list[Quad]:
    """The places marked in a map of shape (height, width), times `scale` (x, y): page over map pixels.

    Differentiable binarization (Liao et al., AAAI 2020), with rotated rectangles grown by formula in
    place of polygons. The logits' sigmoid is the probability of text. Some 5 ms for a dense page.
    """
    marked = cv2.dilate((logits > _logit(INK)).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, nesting = cv2.findContours(marked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    quads: list[Quad] = []
    for index, contour in enumerate(contours):
        is_a_hole = nesting[0][index][3] != -1
        if is_a_hole or len(contour) < 4:
            continue
        centre, (width, height), degrees = cv2.minAreaRect(contour)
        if min(width, height) < THINNEST or _probability(logits, contour) < KEPT:
            continue
        grown = width * height * UNCLIP / (width + height)
        quad = quad_around((centre[0], centre[1]), (width + grown, height + grown), degrees)
        quads.append(quad * np.array(scale, np.float32))
    return quads


def _probability(logits: NDArray[np.float32], contour: NDArray[Any]) -> float:
    """The mean probability inside a mark."""
    x, y, width, height = cv2.boundingRect(contour)
    part = logits[y : y + height, x : x + width]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillPoly(mask, [contour - np.array([x, y], np.int32)], 1)
    inside = part[mask > 0]
    return float((1 / (1 + np.exp(-inside))).mean())


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
