"""Knowing which languages somebody means."""

from __future__ import annotations

import pytest

from ocrchat.errors import UnknownOption
from ocrchat.language_codes import resolve
from ocrchat.languages import BY_CODE


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
