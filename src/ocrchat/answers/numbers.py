"""Tell whether the numbers of a text stand in others, or are worked out there from such."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

_NUMBER = r"\d+(?:[.,'\u00a0\u202f ](?=\d{3}(?!\d))\d{3})*(?:[.,]\d+)?"
_SUM = re.compile(rf"({_NUMBER})((?:\s*[-+−×*/÷]\s*{_NUMBER})+)\s*=\s*({_NUMBER})")
_STEP = re.compile(rf"([-+−×*/÷])\s*({_NUMBER})")


def unfounded_numbers(text: str, sources: str) -> tuple[str, ...]:
    """The numbers of a text that neither stand in the sources nor come out of a sum of such, shown there."""
    plain, founded = _plain(text), set(_values(_plain(sources)))
    for match in _SUM.finditer(plain):
        steps = [(sign, value_of(number)) for sign, number in _STEP.findall(match[2])]
        operands = [value_of(match[1]), *(number for _, number in steps)]
        if all(operand in founded for operand in operands) and _is_right(
            operands[0], steps, value_of(match[3])
        ):
            founded.add(value_of(match[3]))
    return tuple(match[0] for match in re.finditer(_NUMBER, plain) if value_of(match[0]) not in founded)


def value_of(number: str) -> Decimal:
    """What a number says: `1.380,50`, `1,380.50` and `1380.5` are the same.

    A single sign before three digits parts thousands.
    """
    signs = re.findall(r"[.,]", number)
    digits = re.sub(r"[\s'\u00a0\u202f]", "", number)
    last = max(digits.rfind("."), digits.rfind(","))
    is_decimal = bool(signs) and (signs.count(digits[last]) == 1) and len(digits) - last - 1 != 3
    whole, fraction = (digits[:last], digits[last + 1 :]) if is_decimal else (digits, "")
    try:
        return Decimal(f"{re.sub(r'[.,]', '', whole)}.{fraction or 0}")
    except InvalidOperation:
        return Decimal("NaN")


def _is_right(first: Decimal, steps: list[tuple[str, Decimal]], result: Decimal) -> bool:
    """Whether a sum comes out, to the last digit that is shown; mixed sums are not believed."""
    value, signs = first, {sign for sign, _ in steps}
    if signs - {"+", "-", "−"} and len(steps) > 1:
        return False
    for sign, number in steps:
        if sign in "×*":
            value *= number
        elif sign in "/÷":
            value = value / number if number else Decimal("NaN")
        else:
            value += number if sign == "+" else -number
    return value.is_finite() and value.quantize(result) == result


def _values(text: str) -> Iterator[Decimal]:
    for match in re.finditer(_NUMBER, text):
        yield value_of(match[0])


def _plain(text: str) -> str:
    """The text with every script's digits as 0 to 9."""
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdigit() and not letter.isascii() else letter
        for letter in unicodedata.normalize("NFKC", text)
    )
