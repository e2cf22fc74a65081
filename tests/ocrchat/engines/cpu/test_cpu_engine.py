from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from drawn import page

from ocrchat.engines.base import Engine
from ocrchat.engines.cpu import availability
from ocrchat.errors import LanguageNotInstalled
from ocrchat.languages import BY_CODE
from ocrchat.model import Page, PageImage
from ocrchat.options import Options

ENGLISH = ("Everyone has the right to life,", "liberty and security of person.")
GOLDEN = {
    "en": ENGLISH,
    "de": ("Jeder hat das Recht auf Leben,", "Freiheit und Sicherheit für Größe."),
    "zh": ("人人生而自由，在尊严和权利上一律平等。", "他们赋有理性和良心。"),
    "ja": ("すべての人間は、生まれながらにして自由であり、", "尊厳と権利とについて平等である。"),
    "ru": ("Каждый человек имеет право на жизнь,", "на свободу и на личную неприкосновенность."),
    "el": ("Κάθε άτομο έχει δικαίωμα στη ζωή,", "την ελευθερία και την προσωπική ασφάλεια."),
    "ko": ("모든 사람은 생명과 신체의 자유와", "안전에 대한 권리를 가진다."),
    "hi": ("सभी मनुष्यों को गौरव और अधिकारों के", "मामले में जन्मजात स्वतन्त्रता प्राप्त है।"),
    "he": ("סעיף א.", "כל בני האדם נולדו בני חורין ושווים בערכם"),
    "ar": ("لكل فرد الحق في الحياة والحرية", "وفي الأمان على شخصه."),
}


def read(engine: Engine, image: PageImage, *languages: str) -> Page:
    return engine.read([image], Options(languages=languages))[0]


@pytest.mark.parametrize("code", GOLDEN)
def test_a_golden_line_is_read_as_it_was_drawn_or_refused_with_a_remedy(engine: Engine, code: str) -> None:
    if not availability()[code].installed:
        with pytest.raises(LanguageNotInstalled, match="apt-get install"):
            read(engine, page(*ENGLISH), code)
        return
    lines = GOLDEN[code]
    found = read(engine, page(*lines, script=BY_CODE[code].script), code)
    assert found.text.replace(",", "，") == "\n".join(lines).replace(",", "，")
    assert found.language == code
    assert found.script == BY_CODE[code].script
    assert found.confidence > 0.8


def test_words_have_boxes_around_their_own_ink(engine: Engine) -> None:
    image = page("one two three")
    words = read(engine, image, "en").blocks[0].lines[0].words
    assert [word.text for word in words] == ["one", "two", "three"]
    for before, after in pairwise(words):
        assert before.box.x1 <= after.box.x0 + 6
    for word in words:
        assert image.pixels[word.box.y0 : word.box.y1, word.box.x0 : word.box.x1].min() == 0


def test_every_box_lies_inside_the_page(engine: Engine) -> None:
    image = page(*ENGLISH, width=640)
    found = read(engine, image, "en")
    lines = [line for block in found.blocks for line in block.lines]
    for box in [
        *(b.box for b in found.blocks),
        *(x.box for x in lines),
        *(w.box for x in lines for w in x.words),
    ]:
        assert 0 <= box.x0 < box.x1 <= image.width
        assert 0 <= box.y0 < box.y1 <= image.height


@pytest.mark.parametrize("shape", [(400, 300), (400, 300, 3), (1, 1), (5, 2000), (40, 3, 3)])
def test_a_blank_page_of_any_shape_has_no_blocks(engine: Engine, shape: tuple[int, ...]) -> None:
    found = read(engine, PageImage(np.full(shape, 255, np.uint8)), "en")
    assert (found.blocks, found.text, found.markdown, found.confidence) == ((), "", "", 0.0)
    assert (found.height, found.width) == shape[:2]


def test_a_page_reads_the_same_alone_and_among_others(engine: Engine) -> None:
    pages = [page(*ENGLISH), page("Something else entirely", size=60), page(*ENGLISH, paper=0, ink=255)]
    for language in ("en", "ru") if availability()["ru"].installed else ("en",):
        together = engine.read(pages, Options(languages=(language,)))
        alone = [read(engine, each, language) for each in reversed(pages)]
        assert [each.blocks for each in together] == [each.blocks for each in reversed(alone)]


def test_colours_do_not_matter(engine: Engine) -> None:
    grey = page(*ENGLISH).pixels
    colour = np.stack([np.maximum(grey, 40), np.maximum(grey, 20), np.maximum(grey, 120)], axis=2)
    assert read(engine, PageImage(colour), "en").text == "\n".join(ENGLISH)


def test_light_letters_on_dark_are_read(engine: Engine) -> None:
    assert read(engine, page(*ENGLISH, paper=20, ink=240), "en").text == "\n".join(ENGLISH)


def test_the_card_names_what_can_be_read_here(engine: Engine) -> None:
    assert {"en", "de", "zh", "zh-Hant", "ja"} <= engine.card.languages
    assert engine.card.languages == {code for code, found in availability().items() if found.installed}


@pytest.mark.parametrize("code", ["en", "zh", "ja", "ru", "ar", "ko"])
def test_the_language_is_found_where_none_is_given(engine: Engine, code: str) -> None:
    if not availability()[code].installed:
        pytest.skip(f"the model for {code} is not installed")
    found = read(engine, page(*GOLDEN[code] * 3, script=BY_CODE[code].script))
    assert (found.language, found.script) == (code, BY_CODE[code].script)


def test_a_line_of_another_script_is_read_in_its_own(engine: Engine) -> None:
    found = read(engine, page(*GOLDEN["zh"][:1], "Everyone has the right to life, liberty", script="Hans"))
    assert "Everyone has the right to life" in found.text
    assert "人人生而自由" in found.text


def test_a_word_that_cherokee_letters_could_write_is_latin(engine: Engine) -> None:
    read_page = read(engine, page("PDF", size=40, width=600))
    assert (read_page.text, read_page.script) == ("PDF", "Latn")


@pytest.mark.parametrize("code", ["el", "ru"])
def test_latin_words_in_a_line_of_another_script_are_read_in_their_own_letters(
    engine: Engine, code: str
) -> None:
    if not {code, "en"} <= engine.card.languages:
        pytest.skip(f"the model for {code} is not installed")
    script = {"el": "Grek", "ru": "Cyrl"}[code]
    first, second = GOLDEN[code]
    image = page(f"{first} machine learning", f"{second} Oxford Press", script=script)
    (found,) = engine.read([image], Options(languages=(code,)))
    assert {"machine", "learning", "Oxford", "Press"} <= set(found.text.split())
