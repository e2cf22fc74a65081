from __future__ import annotations

import re

import pytest

from ocrchat.errors import UnknownOption
from ocrchat.languages import BY_CODE, LANGUAGES, package_of, resolve


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("auto", ()),
        ("AUTO", ()),
        ("", ()),
        ("en", ("en",)),
        ("eng", ("en",)),
        ("English", ("en",)),
        ("ch", ("zh",)),
        ("zh", ("zh",)),
        ("zh-CN", ("zh",)),
        ("chi_sim", ("zh",)),
        ("zh-TW", ("zh-Hant",)),
        ("zh_HK", ("zh-Hant",)),
        ("jp", ("ja",)),
        ("jpn", ("ja",)),
        ("japan", ("ja",)),
        ("kr", ("ko",)),
        ("ko", ("ko",)),
        ("als", ("sq",)),
        ("tat", ("tt",)),
        ("kir", ("ky",)),
        ("kaz", ("kk",)),
        ("bod", ("bo",)),
        ("dzo", ("dz",)),
        ("deu", ("de",)),
        ("de-DE", ("de",)),
        ("Deutsch", ("de",)),
        ("nor", ("no",)),
        ("sr-Latn-RS", ("sr-Latn",)),
        ("en+ar", ("en", "ar")),
        ("en, eng, ar", ("en", "ar")),
    ],
)
def test_what_people_type_becomes_canonical_codes(typed: str, codes: tuple[str, ...]) -> None:
    assert resolve(typed) == codes


@pytest.mark.parametrize("typed", ["klingon", "en+klingon", "auto+en", "+", "e n"])
def test_an_unknown_language_is_named_with_what_is_accepted(typed: str) -> None:
    with pytest.raises(UnknownOption, match="unknown language") as caught:
        resolve(typed)
    assert "GET /api/v1/languages/" in str(caught.value)
    assert len(str(caught.value)) < 250


def test_every_code_resolves_to_itself() -> None:
    assert {code: resolve(code) for code in BY_CODE} == {code: (code,) for code in BY_CODE}


def test_no_alias_is_claimed_by_two_languages() -> None:
    aliases = [alias for language in LANGUAGES for alias in language.aliases]
    assert len(aliases) == len(set(aliases))
    assert not set(aliases) & {code.casefold() for code in BY_CODE}


def test_more_than_110_languages_have_a_name_a_script_and_a_direction() -> None:
    assert len(LANGUAGES) >= 110
    for language in LANGUAGES:
        assert language.name
        assert language.endonym
        assert re.fullmatch("[A-Z][a-z]{3}", language.script)
        assert language.direction in {"ltr", "rtl"}
    assert {c for c, x in BY_CODE.items() if x.direction == "rtl"} == {
        *("ar", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi")
    }


def test_a_model_names_its_debian_package() -> None:
    assert BY_CODE["zh-Hant"].package == "tesseract-ocr-chi-tra"
    assert BY_CODE["de-Latf"].package == "tesseract-ocr-script-frak"
    assert package_of("Myanmar") == "tesseract-ocr-script-mymr"
    assert BY_CODE["zu"].package == ""
