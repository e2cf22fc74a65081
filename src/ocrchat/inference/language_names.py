"""Name the language of a text among those that its script allows."""

from __future__ import annotations

import threading
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from ocrchat.languages import BY_CODE, LANGUAGES

_OURS = {"tl": "fil", "uzs": "uz-Cyrl", "yue": "zh-Hant", "wuu": "zh", "nb": "no", "nn": "nn", "bcl": "bik"}
"""py3langid's name -> our code, where they differ."""
_SIMPLIFIED = frozenset(
    "这们国说会为个来时对过还没从样问间题将实现发经业动与应进关开长门马见车书东乐习买卖义务权"
)
_TRADITIONAL = frozenset(
    "這們國說會為個來時對過還沒從樣問間題將實現發經業動與應進關開長門馬見車書東樂習買賣義務權"
)
_KANA = frozenset(chr(code) for code in range(0x3041, 0x30FF) if code != 0x30FB)


class LanguageNames:
    """py3langid (BSD), loaded when first needed: half a second, 60 MB; then some 0.1 ms a text."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._identifier: Any = None

    def ranked(self, text: str, among: Collection[str]) -> tuple[tuple[str, float], ...]:
        """The codes of `among` that the text may be in, with probabilities that sum to at most 1.

        A code that the identifier does not know comes last, with 0. The same text gives the same
        answer whatever was asked before.
        """
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        with self._lock:
            if self._identifier is None:
                self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            found: dict[str, float] = dict(self._identifier.rank(text))
        chances = {
            code: max([found.get(name, 0.0) for name in names], default=0.0)
            for code, names in _names_of(tuple(among)).items()
        }
        total = sum(chances.values()) or 1.0
        ranked = sorted(chances.items(), key=lambda each: (-each[1], each[0]))
        return tuple((code, chance / total) for code, chance in ranked)


@lru_cache(64)
def _names_of(codes: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """py3langid's names of the languages that each of our codes may stand for, whatever their script."""
    theirs: dict[str, list[str]] = {}
    for name, code in _OURS.items():
        theirs.setdefault(code, []).append(name)

    def names(code: str) -> list[str]:
        return [*theirs.get(code, []), *([] if code in _OURS else [code])]

    return {
        code: tuple({*names(code), *names(code.removesuffix("-Cyrl").removesuffix("-Latn"))})
        for code in codes
    }


def han_language(text: str) -> str:
    """`ja` where kana stand among the Han, else Chinese by which forms of common characters are used."""
    letters = [character for character in text if character.isalpha()]
    if sum(character in _KANA for character in letters) > 0.05 * len(letters):
        return "ja"
    simplified = sum(character in _SIMPLIFIED and character not in _TRADITIONAL for character in letters)
    traditional = sum(character in _TRADITIONAL and character not in _SIMPLIFIED for character in letters)
    return "zh-Hant" if traditional > simplified else "zh"


def languages_in(script: str) -> tuple[str, ...]:
    """The codes of the languages written in a script."""
    return tuple(language.code for language in LANGUAGES if language.script == script)


def script_of(code: str) -> str:
    """ISO 15924."""
    return BY_CODE[code].script
