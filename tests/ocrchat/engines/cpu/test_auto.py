"""Telling scripts apart that share letters."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import page

from ocrchat.engines import build_engine
from ocrchat.engines.cpu.auto import could_be_latin, is_yiddish
from ocrchat.engines.cpu.tessdata import installed_models
from ocrchat.model import PageImage
from ocrchat.options import Options
from tests.drawing import printed_page


@pytest.mark.parametrize("text", ["ΡΕΝ", "ОРЕН 45", "ΤΟΤΑΙ"])
def test_letters_that_all_have_latin_twins_could_be_latin(text: str) -> None:
    assert could_be_latin(text)


@pytest.mark.parametrize("text", ["", "123", "PEN", "ΣΟΦΙΑ", "ПОЛЕ"])
def test_other_letters_could_not(text: str) -> None:
    assert not could_be_latin(text)


def test_yiddish_is_told_from_hebrew_by_its_ayin() -> None:
    assert is_yiddish("יעדער מענטש װערט געבױרן פֿרײַ און גלײַך אין כּבֿוד און רעכט")
    assert not is_yiddish("כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם, עצמם")
    assert not is_yiddish("")


@pytest.mark.skipif("est" not in installed_models(), reason="needs Tesseract's models")
def test_a_language_that_is_not_told_is_read_with_its_own_letters() -> None:
    """Greenlandic is taken for Estonian, whose model reads each q as a g."""
    text = ("Inuk kinaluunniit pisinnaatitaavoq sulinermi soqutigisaminut", "suliaqaqatigiit peqatigiiffinik")
    engine = build_engine("cpu", threads=2)
    (found,) = engine.read([page(*text)], Options())
    engine.close()
    assert found.text.split() == " ".join(text).split()


def test_a_short_word_of_twins_is_read_as_latin() -> None:
    engine = build_engine("cpu", threads=2)
    (found,) = engine.read([PageImage(np.asarray(printed_page(["OPEN PATH"], size=60)))], Options())
    engine.close()
    assert found.text == "OPEN PATH"
    assert found.script == "Latn"


def test_a_script_that_nothing_reads_is_named() -> None:
    image = page(*["ⵉⵎⴷⴰⵏⵏ ⴰⴽⴽⵯ ⵎⴰ ⴷ ⵉⵜⵜⵍⴰⵍⵏ ⴳⴰⵏ ⵉⵍⴻⵍⵍⵉⵢⵏ"] * 4, script="Tfng")
    engine = build_engine("cpu", threads=2)
    (found,) = engine.read([image], Options())
    engine.close()
    assert (found.language, found.script) == (None, "Tfng")
    assert [note.code for note in found.notes if "Tfng" in note.message] == ["language-not-installed"]


@pytest.mark.skipif(not {"rus", "kaz", "kir"} <= installed_models().keys(), reason="needs Tesseract's models")
def test_a_language_whose_scout_writes_it_like_another_is_told_by_its_own_model() -> None:
    text = ("қанағаттанарлық жағдаймен өмір сүруге құқығы бар,", "және әлеуметтік қамсыздандыру үшін қажет")
    engine = build_engine("cpu", threads=2)
    (found,) = engine.read([page(*text, script="Cyrl")], Options())
    engine.close()
    assert found.language == "kk"
    assert found.text.split() == " ".join(text).split()
