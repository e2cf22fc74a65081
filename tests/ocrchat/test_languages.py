from __future__ import annotations

import re

from ocrchat.languages import BY_CODE, LANGUAGES, package_of


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
