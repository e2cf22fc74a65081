"""The letters of a text say which script it is in and which way it runs."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from ocrchat.inference.letters import runs_leftward, script_of_letter, script_of_text
from ocrchat.languages import LANGUAGES

SAMPLES = {
    "Latn": "Every person has rights",
    "Cyrl": "Все люди рождаются свободными",
    "Grek": "Όλοι οι άνθρωποι γεννιούνται",
    "Arab": "يولد جميع الناس أحرارا",
    "Hebr": "כל בני האדם נולדו",
    "Deva": "सभी मनुष्यों को गौरव",
    "Knda": "ಎಲ್ಲಾ ಮಾನವರೂ",
    "Mymr": "လူတိုင်းသည် တူညီ",
    "Khmr": "មនុស្សទាំងអស់",
    "Ethi": "የሰው ልጅ ሁሉ",
    "Tibt": "འགྲོ་བ་མིའི",
    "Kore": "모든 인간은 태어날",
    "Hani": "人人生而自由",
    "Cher": "ᏂᎦᏓ ᎠᏂᏴᏫ",
    "Cans": "ᐃᓅᔪᓕᒫᑦ ᐊᓂᖅᑎᕆᔪᓕᒫᑦ",
    "Tale": "ᥘᥩᥢᥲ",
    "Nkoo": "ߡߐ߱ ߓߍ߯",
}


@pytest.mark.parametrize(("script", "text"), SAMPLES.items())
def test_a_text_is_of_the_script_of_its_letters(script: str, text: str) -> None:
    assert script_of_text(f"12. {text} (abc)") == script


def test_the_script_of_most_letters_counts() -> None:
    assert script_of_text("一 text in English that quotes 人人") == "Latn"
    assert script_of_text("すべての人間は、ABC") == "Hani"
    assert script_of_text("12,50 + 7 = ½") is None


def test_wide_and_narrow_forms_are_letters_of_their_script() -> None:
    assert script_of_letter("Ａ") == "Latn"
    assert script_of_letter("ｱ") == "Hani"


def test_every_script_of_our_languages_is_told() -> None:
    told = {
        script
        for code in range(sys.maxunicode + 1)
        if chr(code).isalpha() and (script := script_of_letter(chr(code)))
    }
    told |= {"Hans", "Hant", "Jpan", "Latf"}
    assert {language.script for language in LANGUAGES} <= told


def test_nearly_every_letter_of_unicode_has_a_script() -> None:
    letters = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if chr(code).isalpha() and unicodedata.name(chr(code), "")
    ]
    unknown = [letter for letter in letters if script_of_letter(letter) is None]
    assert len(unknown) < 0.02 * len(letters)


@pytest.mark.parametrize("script", SAMPLES)
def test_which_way_a_text_runs(script: str) -> None:
    assert runs_leftward(SAMPLES[script]) == (script in ("Arab", "Hebr", "Nkoo"))
