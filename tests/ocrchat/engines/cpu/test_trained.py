from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from drawn import page

from ocrchat.engines.cpu.ctc_reader import CtcReader
from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.engine import TRAINED
from ocrchat.engines.cpu.line_reader import PagePixels
from ocrchat.engines.cpu.nets import nets_in
from ocrchat.engines.cpu.readers import Readers
from ocrchat.errors import ModelMissing
from ocrchat.inference.int8 import ranges_in

(LATIN,) = nets_in(TRAINED)


@pytest.mark.parametrize("int8", [False, True])
def test_the_net_that_is_shipped_reads_a_line(int8: bool) -> None:
    lines = PagePixels.of(page("Seven small boats left the harbour at dawn", width=1100).pixels)
    (quad,) = Detector(1).lines(lines)
    reading = CtcReader(LATIN, 1, int8=int8).read(lines, quad)
    assert reading.text == "Seven small boats left the harbour at dawn"
    assert all(word.least > 0.5 for word in reading.words)


def test_its_ranges_are_about_its_weights() -> None:
    assert LATIN.ranges is not None
    assert len(ranges_in(LATIN.ranges)) > 10


def test_it_reads_only_languages_that_it_was_seen_to_read_as_well() -> None:
    readers = Readers(1, {}, (LATIN,))
    names = {code: [reader.card.name for reader in readers.of([code])] for code in ("en", "sk")}
    assert names["en"] == [LATIN.card.name, "PP-OCRv6_rec_small-latin"]
    assert names["sk"] == ["PP-OCRv6_rec_small-latin"]
    assert [reader.card.name for reader in readers.of(["en", "sk"])] == names["sk"]
    readers.close()


def test_other_weights_than_the_card_says_are_refused(tmp_path: Path) -> None:
    own = shutil.copytree(LATIN.file.parent, tmp_path / "latin")
    card = json.loads((own / "card.json").read_text("utf-8"))
    (own / "card.json").write_text(json.dumps(card | {"sha256": "0" * 64}), "utf-8")
    with pytest.raises(ModelMissing, match="another file"):
        nets_in(tmp_path)
