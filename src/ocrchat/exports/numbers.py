"""Tell numbers from text in a table's cells, as their language writes them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_POINT = frozenset(
    language
    for group in ("ar he fa ur", "bn gu hi kn ml mr ne pa si ta te", "km lo my th", "ja ko zh", "en ms")
    for language in group.split()
)
"""Languages that write 1,234.56; of the others most write 1.234,56 or 1 234,56 (CLDR)."""

_SPACES = "  \u202f\u2009"
_SHAPE = re.compile(
    rf"(?P<sign>[-+−–]?)(?P<whole>\d{{1,3}}(?:(?P<mark>[.,'’{_SPACES}])\d{{3}}(?:(?P=mark)\d{{3}})*)?|\d+)"
    rf"(?:(?P<decimal>[.,])(?P<part>\d+))?[{_SPACES}]?(?P<percent>%?)"
)
_MOST_DIGITS = 15
"""A spreadsheet keeps no more of a number."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number and how it is to be shown: `decimals` behind the point, with `groups` of three, as percent."""

    value: float
    decimals: int
    groups: bool
    percent: bool


def writes_decimal_comma(language: str | None) -> bool | None:
    """Whether the language's decimals follow a comma; None where nobody knows the language."""
    return None if not language else language.split("-")[0] not in _POINT


def decimal_comma_of(cells: Iterable[str], language: str | None) -> bool | None:
    """The same for one table, whose own numbers tell before its language does."""
    for cell in cells:
        found = _SHAPE.fullmatch(_ascii(cell))
        if found and found["decimal"]:
            if found["mark"] or len(found["part"]) != 3 or len(found["whole"]) > 3:
                return found["decimal"] == ","
        elif found and found["mark"] in (".", ",") and found["whole"].count(found["mark"]) > 1:
            return found["mark"] == "."
    return writes_decimal_comma(language)


def number_of(cell: str, decimal_comma: bool | None) -> Number | None:
    """The number that a cell is, None where it is text or may be either.

    `1.234` is 1.234 or 1234, and stays text where the decimal mark is not known. What begins with a
    needless 0 is a code, what has more than 15 digits no number that a spreadsheet could keep.
    """
    found = _SHAPE.fullmatch(_ascii(cell))
    if not found:
        return None
    mark, whole, part, decimal = found["mark"] or "", found["whole"], found["part"] or "", found["decimal"]
    if decimal and mark == decimal:
        return None
    if mark in (".", ",") and not decimal and whole.count(mark) == 1:
        if decimal_comma is None:
            return None
        if (mark == ",") == decimal_comma:
            whole, _, part = whole.partition(mark)
            mark = ""
    elif decimal_comma is not None and decimal and (decimal == ",") != decimal_comma:
        if mark or len(part) != 3 or len(whole) > 3:
            return None
        whole, part, mark = whole + part, "", decimal
    digits = re.sub(r"\D", "", whole)
    if len(digits + part) > _MOST_DIGITS or (len(digits) > 1 and digits[0] == "0"):
        return None
    value = float(f"{digits}.{part or 0}")
    value = -value if found["sign"] in ("-", "−", "–") else value
    percent = bool(found["percent"])
    return Number(value / 100 if percent else value, len(part), bool(mark), percent)


def _ascii(cell: str) -> str:
    """The cell with ASCII digits, whatever digits its script has."""
    return "".join(
        letter if letter.isascii() or not letter.isdecimal() else str(unicodedata.decimal(letter))
        for letter in cell.strip()
    )
