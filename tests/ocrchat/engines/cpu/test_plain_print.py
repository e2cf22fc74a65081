"""Pages of plain print, whose lines are found without a net."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import page

from ocrchat.engines.base import Engine
from ocrchat.engines.cpu.detector import Detector
from ocrchat.model import PageImage
from ocrchat.options import Options

LINES = (
    "Everyone has the right to life, liberty and security of person.",
    "No one shall be held in slavery or servitude; slavery and the",
    "slave trade shall be prohibited in all their forms. No one shall",
    "be subjected to torture or to cruel, inhuman or degrading treatment.",
)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each page that the detector looks at."""
    found: list[int] = []
    lines = Detector.lines

    def counted(self: Detector, *page: object) -> object:
        found.append(1)
        return lines(self, *page)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Detector, "lines", counted)
    return found


@pytest.mark.parametrize("languages", [("en",), ()], ids=["given", "auto"])
def test_plain_print_is_read_without_the_detector(
    engine: Engine, looks: list[int], languages: tuple[str, ...]
) -> None:
    (found,) = engine.read([page(*LINES, size=30)], Options(languages=languages))
    assert found.text.split() == " ".join(LINES).split()
    assert found.language == "en"
    assert found.rotation == 0
    assert not looks


def test_print_on_its_head_or_side_is_looked_at_and_turned(engine: Engine, looks: list[int]) -> None:
    upright = page(*LINES, size=30).pixels
    for quarters in (1, 2):
        turned = PageImage(np.ascontiguousarray(np.rot90(upright, -quarters)))
        (found,) = engine.read([turned], Options(languages=("en",)))
        assert found.rotation == 90 * quarters
        assert found.text.split() == " ".join(LINES).split()
    assert looks


def test_a_faint_line_on_a_page_of_print_is_read(engine: Engine, looks: list[int]) -> None:
    pixels = page(*LINES, size=30).pixels
    faint = page("A faint note about the price of herring", size=30, ink=240).pixels
    (found,) = engine.read([PageImage(np.vstack([pixels, faint]))], Options(languages=("en",)))
    assert found.text.split("\n")[-1] == "A faint note about the price of herring"
    assert looks


def test_marks_in_rows_that_are_no_alphabet_are_looked_at(engine: Engine, looks: list[int]) -> None:
    pixels = np.full((900, 1200), 255, np.uint8)
    for y in range(100, 800, 60):
        for x in range(100, 1100, 30):
            pixels[y : y + 16, x : x + 14] = 0
    engine.read([PageImage(pixels)], Options(languages=("en",)))
    assert looks
