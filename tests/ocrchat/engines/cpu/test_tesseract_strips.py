"""Cutting lines for Tesseract."""

from __future__ import annotations

import numpy as np
import pytest

from ocrchat.engines.cpu.tesseract_strips import SETTINGS, StripSettings, settings_of, strip_of
from ocrchat.imaging.quads import quad_around

PAPER, INK = 240, 20
LINE = quad_around((300.0, 100.0), (500.0, 48.0), 0.0)
"""Rows 76 to 124."""


def _page() -> np.ndarray:
    """A line of letters 30 pixels high, and marks of the next one just below its box."""
    page = np.full((200, 600), PAPER, np.uint8)
    for x in range(60, 540, 40):
        page[85:115, x : x + 16] = INK
        page[118:150, x + 20 : x + 30] = INK
    return page


def test_a_line_alone_has_nothing_of_the_next_one() -> None:
    cut = strip_of(_page(), LINE, StripSettings(height=0, alone=True))
    assert cut[-6:].min() > PAPER - 5
    assert cut.min() < INK + 20


def test_a_line_alone_loses_the_marks_that_stand_nearer_to_the_next_line() -> None:
    """As a bar over a letter does, though its middle lies inside the line's box."""
    page = _page()
    page[115:] = PAPER
    page[127:] = np.where(np.arange(600) % 40 < 24, INK, PAPER)
    page[120:124, 200:216] = INK
    cut = strip_of(page, LINE, StripSettings(height=0, alone=True))
    inked = np.flatnonzero(cut.min(axis=1) < 100)
    assert inked[-1] - inked[0] + 1 == 30


def test_a_line_alone_keeps_the_points_below_its_letters() -> None:
    page = _page()
    page[115:] = PAPER
    page[140:] = np.where(np.arange(600) % 40 < 24, INK, PAPER)
    page[119:123, 200:216] = INK
    cut = strip_of(page, LINE, StripSettings(height=0, alone=True))
    inked = np.flatnonzero(cut.min(axis=1) < 100)
    assert inked[-1] - inked[0] + 1 == 38


def test_otherwise_the_strip_shows_what_lies_in_the_box() -> None:
    assert strip_of(_page(), LINE, StripSettings(height=48))[-4:].min() < INK + 20


def test_a_line_alone_keeps_its_own_letters_whole() -> None:
    page = np.full((200, 600), PAPER, np.uint8)
    page[90:130, 100:110] = INK
    cut = strip_of(page, LINE, StripSettings(height=0, alone=True))
    assert (cut[:, :200].min(axis=1) < 100).sum() == 40


@pytest.mark.parametrize("script", [*SETTINGS, "Cyrl"])
def test_a_strip_is_as_high_as_its_script_wants(script: str) -> None:
    how = settings_of(script)
    cut = strip_of(_page(), LINE, how)
    assert cut.shape[0] == how.height or (how.height == 0 and 40 <= cut.shape[0] <= 72)
    assert cut.shape[1] > cut.shape[0]


def test_light_letters_become_dark() -> None:
    for how in (StripSettings(), StripSettings(height=0, alone=True)):
        assert np.median(strip_of(255 - _page(), LINE, how)) > 200


def test_a_blank_line_stays_blank() -> None:
    blank = np.full((200, 600), PAPER, np.uint8)
    assert strip_of(blank, LINE, StripSettings(height=0, alone=True)).min() == PAPER
