"""Tell what a line of text begins with: a bullet, a number, a letter, or nothing that marks an item."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BULLET = re.compile(r"([•◦▪▫●○■□‣⁃❖➢➤►▶✓✔☐☑☒])\s*(?=\S)")
_DASH = re.compile(r"([-–—*·o])\s+(?=\S)")
_NUMBER = re.compile(r"(\(?)(\d{1,3})([.)])\s+(?=\S)")
_LETTER = re.compile(r"(\(?)([a-zA-Z]|[ivx]{2,4})([.)])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class ItemMark:
    """The mark of an item: its kind (`•`, `1.`, `(a)`), its number in a sequence, and its characters.

    Bullets have no number. `is_sure` where the mark by itself says that this is an item.
    """

    kind: str
    number: int | None
    length: int
    is_sure: bool

    def follows(self, other: ItemMark) -> bool:
        """Whether this is the mark after another one of the same list."""
        if self.kind != other.kind:
            return False
        return self.number is None or other.number is None or self.number == other.number + 1


def mark_of(text: str) -> ItemMark | None:
    """The mark that a line begins with, where letters follow it."""
    for pattern, is_sure in ((_BULLET, True), (_DASH, False)):
        found = pattern.match(text)
        if found and any(map(str.isalpha, text[found.end() :])):
            return ItemMark(found[1], None, found.end(), is_sure)
    found = _NUMBER.match(text)
    if found and any(map(str.isalpha, text[found.end() :])):
        return ItemMark(f"{found[1]}1{found[3]}", int(found[2]), found.end(), False)
    found = _LETTER.match(text)
    if found and any(map(str.isalpha, text[found.end() :])):
        return ItemMark(_kind_of_letters(found), _place_of_letters(found[2]), found.end(), False)
    return None


def _kind_of_letters(found: re.Match[str]) -> str:
    return f"{found[1]}{'a' if found[2].islower() else 'A'}{found[3]}"


def _place_of_letters(letters: str) -> int | None:
    """1 for a; None for what may be a Roman number, whose place is not looked at."""
    letter = letters.lower()
    return ord(letter) - ord("a") + 1 if len(letter) == 1 and letter not in "ivx" else None
