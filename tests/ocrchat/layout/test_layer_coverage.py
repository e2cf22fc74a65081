"""Coverage of a page with text of its own is the share of its words that stand in its blocks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocrchat.layout.layer_coverage import layer_coverage
from ocrchat.model import Box, Style, TextLayer

TEXT = "one two three"
SPANS = np.array([[0, 3], [4, 7], [8, 13]], np.int32)
BOXES = np.array([[10, 10, 50, 30], [60, 10, 100, 30], [10, 110, 50, 150]], np.float32)
LAYER = TextLayer(
    width=200,
    height=200,
    dpi=72.0,
    scale=1.0,
    text=TEXT,
    spans=SPANS,
    boxes=BOXES,
    ends=BOXES,
    styles=np.array([0, 0, 1], np.int32),
    unmapped=np.zeros(3, np.int32),
    covered=np.zeros(3, np.bool_),
    style_table=(Style(12.0), Style(24.0)),
)
ABOVE, BELOW = Box(0, 0, 110, 40), Box(0, 100, 110, 160)


@pytest.mark.parametrize(("blocks", "share"), [((ABOVE, BELOW), 1.0), ((ABOVE,), 0.5), ((), 0.0)])
def test_words_count_by_their_size(blocks: tuple[Box, ...], share: float) -> None:
    assert layer_coverage(LAYER, blocks) == share


def test_words_that_nobody_sees_do_not_count() -> None:
    hidden = replace(LAYER, style_table=(Style(12.0), Style(24.0, hidden=True)))
    assert layer_coverage(hidden, [ABOVE]) == 1.0


def test_a_page_without_words_misses_none() -> None:
    covered = replace(LAYER, covered=np.ones(3, np.bool_))
    assert layer_coverage(covered, []) == 1.0
