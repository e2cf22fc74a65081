from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ocrchat.engines.cpu import build
from ocrchat.engines.cpu.calibration import (
    MEASURED,
    Calibration,
    calibrated,
    calibration_of,
    maps_in,
)
from ocrchat.engines.cpu.cascade import best_readings
from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.engine import TRAINED
from ocrchat.engines.cpu.line_reader import LineReading, PagePixels, ReaderCard, WordSpan
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.nets import nets_in, pp_full, pp_latin
from ocrchat.engines.cpu.readers import Readers
from ocrchat.errors import ModelMissing
from ocrchat.options import Options
from tests.ocrchat.engines.cpu.drawn import page

MAPS = maps_in(MEASURED)
EVERY = [step / 500 for step in range(501)]
TESSERACT = ReaderCard("tesseract-swe", "5", frozenset({"Latn"}), 0.9)
OWN = ReaderCard("an operator's", "1", frozenset({"Latn"}), 0.9)


def word(text: str, confidence: float, reader: ReaderCard | None) -> WordSpan:
    return WordSpan(text, 0.0, 1.0, confidence, confidence, reader)


def test_between_its_points_a_map_is_straight_and_beyond_them_it_stays() -> None:
    found = Calibration("1", (0.2, 0.6, 0.9), (0.1, 0.5, 0.8))
    assert [found.share_right(each) for each in (0.0, 0.2, 0.4, 0.6, 0.75, 0.9, 1.0)] == pytest.approx(
        [0.1, 0.1, 0.3, 0.5, 0.65, 0.8, 0.8]
    )


@pytest.mark.parametrize("name", sorted(MAPS))
def test_a_reader_that_is_surer_is_never_told_as_less_sure(name: str) -> None:
    told = [MAPS[name].share_right(each) for each in EVERY]
    assert all(a <= b for a, b in pairwise(told))
    assert told[0] < told[-1]


@pytest.mark.parametrize("name", sorted(MAPS))
def test_what_was_read_is_never_told_as_certain(name: str) -> None:
    """Exports take 1 for text that the file itself says."""
    assert 0 <= MAPS[name].share_right(0.0) <= MAPS[name].share_right(1.0) < 1


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ((), ()),
        ((0.5,), (0.5, 0.6)),
        ((0.5, 0.4), (0.5, 0.6)),
        ((0.4, 0.4), (0.5, 0.6)),
        ((0.4, 0.5), (0.6, 0.5)),
        ((0.4, 1.5), (0.6, 0.7)),
        ((0.4, 0.5), (-0.1, 0.5)),
    ],
)
def test_points_that_do_not_rise_from_0_to_1_are_refused(given: tuple[float], right: tuple[float]) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration("1", given, right)


def test_a_line_is_as_sure_as_its_characters_are_right() -> None:
    net = pp_latin().card
    told = calibrated(LineReading("three a", 0.5, (word("three", 0.9, net), word("a", 0.6, TESSERACT))))
    (first, second), maps = told.words, (calibration_of(net), calibration_of(TESSERACT))
    assert maps[0] is not None
    assert maps[1] is not None
    assert first.confidence == maps[0].share_right(0.9)
    assert second.confidence == maps[1].share_right(0.6)
    assert told.confidence == pytest.approx((5 * first.confidence + second.confidence) / 6)
    assert (told.text, first.least) == ("three a", 0.9)


def test_who_was_not_measured_is_told_as_it_says() -> None:
    newer = ReaderCard(pp_latin().card.name, "7", frozenset({"Latn"}), 0.9)
    for reader in (OWN, newer, None):
        assert calibrated(LineReading("ab", 0.7, (word("ab", 0.7, reader),))).confidence == pytest.approx(0.7)
    assert calibrated(LineReading("ab", 0.7)) == LineReading("ab", 0.7)


def test_every_reader_that_is_built_in_was_measured_as_it_is_now() -> None:
    cards = [pp_latin().card, pp_full().card, *(net.card for net in nets_in(TRAINED)), TESSERACT]
    cards += [ReaderCard("tesseract-x", "5", frozenset(scripts.split()), 0.9) for scripts in ("Nkoo", "a b")]
    assert [card.name for card in cards if calibration_of(card) is None] == []


def test_a_script_that_has_a_map_of_its_own_goes_by_that() -> None:
    maps = {
        name: Calibration("5", (0.5,), (right,)) for name, right in (("tesseract-Latn", 1), ("tesseract", 0))
    }
    assert calibration_of(TESSERACT, maps) is maps["tesseract-Latn"]
    several = ReaderCard("tesseract-eng+ara", "5", frozenset({"Latn", "Arab"}), 0.9)
    assert calibration_of(several, maps) is maps["tesseract"]


def test_a_file_that_is_no_map_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    for text in ("", "[]", '{"maps": {"x": {"version": "1", "given": [0.5, 0.1], "right": [0, 1]}}}'):
        file.write_text(text)
        with pytest.raises(ModelMissing, match=r"other\.json"):
            maps_in(file)


def test_the_engine_tells_each_word_by_its_readers_map_once() -> None:
    image = page("Seven boats lay in the harbour", "and the wind was from the west", size=14, ink=150)
    pixels = PagePixels.of(image.pixels)
    lines = LinesOfPage(pixels, Detector(1).lines(pixels), None)
    readers = Readers(1, {}, nets_in(TRAINED))
    readings = best_readings(lines, readers.of(["en"]), range(len(lines.quads)))
    own = [each for reading in readings for each in reading.words]
    readers.close()
    engine = build(threads=1)
    (found,) = engine.read([image], Options(languages=("en",)))
    engine.close()
    told = [each for block in found.blocks for line in block.lines for each in line.words]
    assert sorted(each.text for each in told) == sorted(each.text for each in own)
    once, twice = [], []
    for each in own:
        assert each.reader is not None
        its_map = calibration_of(each.reader)
        assert its_map is not None
        once.append(its_map.share_right(each.confidence))
        twice.append(its_map.share_right(once[-1]))
    found_shares = sorted(each.confidence for each in told)
    assert found_shares == pytest.approx(sorted(once), abs=1e-9)
    assert found_shares != pytest.approx(sorted(twice), abs=1e-9)
    assert found_shares != pytest.approx(sorted(each.confidence for each in own), abs=1e-9)
