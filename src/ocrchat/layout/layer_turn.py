"""Turn a text layer whose lines run sideways or upside down, so that they run as lines do."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ocrchat.model import Box, TextLayer

_SLACK = 1.0
"""Degrees by which a quarter turn may be off."""


@lru_cache(1)
def quarters_of(layer: TextLayer) -> NDArray[np.int32]:
    """How each word's line runs: 0, 90, 180 or 270 degrees clockwise, -1 for anything between.

    Reckoned once for the page that is being set; not to be written to.
    """
    table = np.array([style.angle for style in layer.style_table], np.float64)
    nearest = np.round(table / 90) * 90
    quarters = np.where(np.abs(table - nearest) <= _SLACK, nearest % 360, -1).astype(np.int32)
    return np.asarray(quarters[layer.styles]) if len(quarters) else np.zeros(len(layer), np.int32)


def turn_of(layer: TextLayer) -> int:
    """The degrees clockwise that most words are turned by."""
    if all(abs(style.angle) <= _SLACK for style in layer.style_table):
        return 0
    quarters = quarters_of(layer)
    for degrees in (90, 180, 270):
        if 2 * int((quarters == degrees).sum()) > len(quarters):
            return degrees
    return 0


def turned_layer(layer: TextLayer, degrees: int) -> TextLayer:
    """The layer with so many degrees clockwise undone, as `turned_back` does with the page's picture."""
    if not degrees:
        return layer
    wide, high = layer.width, layer.height

    def points(xy: NDArray[np.float32]) -> NDArray[np.float32]:
        x, y = xy[:, 0], xy[:, 1]
        turned = {90: (y, wide - x), 180: (wide - x, high - y), 270: (high - y, x)}[degrees]
        return np.stack(turned, axis=1).astype(np.float32)

    def box(one: Box) -> Box:
        corners = points(np.array([[one.x0, one.y0], [one.x1, one.y1]], np.float32))
        (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        return Box(round(x0), round(y0), round(x1), round(y1))

    one, other = points(layer.boxes[:, :2]), points(layer.boxes[:, 2:])
    is_side = degrees != 180
    return replace(
        layer,
        width=high if is_side else wide,
        height=wide if is_side else high,
        boxes=np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1),
        ends=np.concatenate([points(layer.ends[:, :2]), points(layer.ends[:, 2:])], axis=1),
        style_table=tuple(replace(each, angle=(each.angle - degrees) % 360) for each in layer.style_table),
        rules=tuple(map(box, layer.rules)),
        grounds=tuple(map(box, layer.grounds)),
        shapes=tuple(map(box, layer.shapes)),
        pictures=tuple(replace(each, box=box(each.box)) for each in layer.pictures),
        links=tuple(replace(each, box=box(each.box)) for each in layer.links),
        fields=tuple(replace(each, box=box(each.box)) for each in layer.fields),
    )
