from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from drawn import page
from openvino import opset13

from ocrchat.engines.cpu.auto import Auto
from ocrchat.engines.cpu.availability import Reader, availability, reader_of
from ocrchat.engines.cpu.ctc_reader import CtcReader
from ocrchat.engines.cpu.detector import Detector
from ocrchat.engines.cpu.line_reader import PagePixels
from ocrchat.engines.cpu.lines_of_page import LinesOfPage
from ocrchat.engines.cpu.nets import RECOGNIZER, is_latin_print, nets_in, pp_full
from ocrchat.engines.cpu.readers import Readers
from ocrchat.engines.cpu.script_probe import ScriptProbe
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.errors import LanguageNotInstalled, ModelMissing
from ocrchat.imaging.quads import quad_around
from ocrchat.inference.language_names import LanguageNames, han_language, languages_in
from ocrchat.inference.weights import checked
from ocrchat.languages import BY_CODE

ALL = {language.tesseract: Path("tessdata") for language in BY_CODE.values() if language.tesseract}


@pytest.fixture(scope="module")
def bare() -> Iterator[Readers]:
    """Readers on a machine without Tesseract."""
    readers = Readers(1, {})
    yield readers
    readers.close()


def test_without_tesseract_latin_chinese_and_japanese_are_read(bare: Readers) -> None:
    assert all(bare.of([code]) for code in ("en", "pl", "zh", "zh-Hant", "ja"))
    assert not bare.reads("vi")
    assert bare.scout("Cyrl") is None


@pytest.mark.parametrize("code", ["ru", "ar", "vi", "th"])
def test_a_language_that_is_not_installed_is_refused_with_its_package(bare: Readers, code: str) -> None:
    with pytest.raises(LanguageNotInstalled, match=BY_CODE[code].package):
        bare.of([code])
    with pytest.raises(LanguageNotInstalled):
        bare.of(["en", code])


def test_without_tesseract_a_page_in_another_script_says_what_is_missing(bare: Readers) -> None:
    pixels = PagePixels.of(
        page("На свободу и личную неприкосновенность", "имеет право каждый", script="Cyrl").pixels
    )
    verdict = Auto(bare, ScriptProbe(1)).verdict(LinesOfPage(pixels, Detector(1).lines(pixels), None))
    assert verdict.missing == "Cyrl"


def test_every_language_has_one_reader_where_all_models_are_installed() -> None:
    readers = {code: reader_of(language, ALL) for code, language in BY_CODE.items()}
    assert readers["en"] is Reader.PP_LATIN
    assert readers["ja"] is Reader.PP_FULL
    assert readers["vi"] is readers["ru"] is Reader.TESSERACT
    assert [code for code, reader in readers.items() if reader is None] == []


def test_what_cannot_be_read_has_a_remedy() -> None:
    for code, found in availability().items():
        assert found.code == code
        assert bool(found.remedy) is not found.installed


def test_the_small_head_keeps_what_latin_pages_are_printed_with() -> None:
    assert all(is_latin_print(c) for c in ("", *"aZ9ßéğ§€₹–…“°→Ωα"))
    assert not any(is_latin_print(c) for c in ("永", "ひ", "ж", "ab"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("人人生而自由", "zh"),
        ("他们说这个国家", "zh"),
        ("他們說這個國家", "zh-Hant"),
        ("すべての人間は", "ja"),
    ],
)
def test_han_pages_are_told_apart_by_their_characters(text: str, code: str) -> None:
    assert han_language(text) == code


def test_a_language_is_named_among_those_of_its_script() -> None:
    names = LanguageNames()
    assert names.ranked("Каждый человек имеет право на жизнь", languages_in("Cyrl"))[0][0] == "ru"
    assert names.ranked("Кожна людина має право на життя", languages_in("Cyrl"))[0][0] == "uk"
    assert names.ranked("Jeder Mensch hat das Recht auf Leben", languages_in("Latn"))[0][0] == "de"


def net_folder(folder: Path, **changes: object) -> Path:
    """A folder with a net that answers class 1 everywhere, whatever it is shown."""
    own = folder / "tiny"
    own.mkdir()
    image = opset13.parameter([1, 1, 32, -1], np.float32)
    pooled = opset13.reduce_mean(image, opset13.constant(np.array([1, 2])), False)
    steps = opset13.unsqueeze(pooled, opset13.constant(np.array([2])))
    logits = opset13.add(
        opset13.multiply(steps, np.float32(0)), opset13.constant(np.array([0, 9, 0], np.float32))
    )
    ov.save_model(ov.Model([logits], [image]), str(own / "net.xml"), compress_to_fp16=False)
    (own / "net.xml").rename(own / "net.onnx")
    (own / "charset.txt").write_text("\na\nb\n", "utf-8")
    card = {"name": "tiny", "version": "1", "scripts": ["Latn"], "sure_from": 0.9, "height": 32, "step": 1}
    (own / "card.json").write_text(json.dumps(card | changes), "utf-8")
    return folder


def test_a_net_in_a_folder_is_described_by_its_card(tmp_path: Path) -> None:
    (net,) = nets_in(net_folder(tmp_path))
    assert (net.card.name, net.card.sure_from, net.height, net.step) == ("tiny", 0.9, 32, 1)
    assert net.characters == ("", "a", "b")


def test_a_folder_with_a_wrong_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="tiny"):
        nets_in(net_folder(tmp_path, colour="blue"))


def test_a_long_line_is_read_in_time_steps_of_the_net(tmp_path: Path) -> None:
    folder = net_folder(tmp_path)
    weights = folder / "tiny" / "net.onnx"
    (net,) = nets_in(folder)
    weights.rename(folder / "tiny" / "net.xml")
    if not (folder / "tiny" / "net.bin").exists():
        pytest.skip("the graph was saved in another form")
    reader = CtcReader(type(net)(net.card, folder / "tiny" / "net.xml", net.characters, 32, 1), 1)
    blank = PagePixels.of(np.full((100, 400), 255, np.uint8))
    reading = reader.read(blank, quad_around((200.0, 50.0), (300.0, 32.0), 0.0))
    assert reading.text == "a"
    assert reading.words[0].start == 0


def pp_ocr_folder(folder: Path, characters: Sequence[str], **changes: object) -> Path:
    """A folder with a recognizer of PP-OCR and its dictionary, said to be for Cyrillic."""
    own = folder / "pp"
    own.mkdir()
    shutil.copy(checked(RECOGNIZER), own / "net.onnx")
    (own / "dictionary.txt").write_text("\n".join(characters) + "\n", "utf-8")
    card = {"name": "pp", "version": "6", "scripts": ["Cyrl"], "sure_from": 0.9}
    (own / "card.json").write_text(json.dumps(card | changes), "utf-8")
    return folder


def test_a_recognizer_of_pp_ocr_reads_its_script_with_its_dictionary(tmp_path: Path) -> None:
    (net,) = nets_in(pp_ocr_folder(tmp_path, pp_full().characters[1:-1]))
    readers = Readers(1, {}, (net,))
    lines = PagePixels.of(page("Everyone has the right", width=900).pixels)
    (quad,) = Detector(1).lines(lines)
    assert [reader.read(lines, quad).text for reader in readers.of(["ru"])] == ["Everyone has the right"]
    assert readers.scout("Cyrl") is readers.of(["uk"])[0]
    assert not readers.reads("el")
    readers.close()


def test_a_recognizer_may_be_for_some_languages_of_its_script(tmp_path: Path) -> None:
    folder = pp_ocr_folder(tmp_path, pp_full().characters[1:-1], languages=["rus", "Ukrainian"])
    here = availability(folder)
    assert {code for code, found in here.items() if found.reader == Reader.NET} <= {"ru", "uk"}
    readers = Readers(1, {}, nets_in(folder))
    assert (readers.reads("uk"), readers.reads("bg")) == (True, False)
    readers.close()


def test_a_dictionary_that_is_not_the_nets_is_refused(tmp_path: Path) -> None:
    readers = Readers(1, {}, nets_in(pp_ocr_folder(tmp_path, "abc")))
    with pytest.raises(ModelMissing, match="5 are named"):
        readers.of(["ru"])
    readers.close()


def test_models_of_tesseract_are_taken_from_an_operators_folder_first(tmp_path: Path) -> None:
    (tmp_path / "rus.traineddata").touch()
    found = installed_models(tmp_path)
    assert found.get("rus") == (tmp_path if find_spec("tesserocr") else None)
