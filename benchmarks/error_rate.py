"""Measure a reading against what stands on the page: characters and words, habits of spelling aside."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SAME = {
    **dict.fromkeys(map(ord, "‘’‚‛′ʼ`´ʹ＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟«»″＂"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣－⁃"), "-"),
    **dict.fromkeys(map(ord, "•●▪■◦∙"), "·"),
    ord("µ"): "μ",
    ord("…"): "...",
    ord("ſ"): "s",
    0x00AD: "",
    0x0F0C: "\u0f0b",
    **dict.fromkeys((0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)), ""),
}
"""Kinds of quotes, dashes and bullets, and characters that nobody sees."""
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\u3001-\u4dbf\u4e00-\ua4cf\uaa60-\uaadf\uf900-\ufaff"
)
"""Scripts without spaces between words: a line's end is none, and printers differ in where they put one."""


def folded(text: str) -> str:
    """The text in one form: NFC, one kind of quotes and dashes, no words divided at a line's end."""
    text = "".join(unicodedata.normalize("NFKC", c) if _is_a_presentation_form(c) else c for c in text)
    text = re.sub(r"(?<=\w)[-\u2010\u00ad]\s*\n\s*(?=[^\W\d_])", "", text)
    text = unicodedata.normalize("NFC", text).translate(_SAME)
    text = re.sub(rf"\s+(?=[{_UNSPACED}])|(?<=[{_UNSPACED}])\s+", "", text)
    return re.sub(r"\s+", " ", text).strip()


def character_error_rate(reference: str, reading: str) -> float:
    """Edit distance over the reference's length, both folded: 0 is perfect, more than 1 is possible."""
    wanted, found = folded(reference), folded(reading)
    return edit_distance(wanted, found) / len(wanted) if wanted else float(bool(found))


def word_recall(reference: str, reading: str) -> float:
    """The share of the reference's words that were read, wherever they stand."""
    wanted, found = Counter(folded(reference).split()), Counter(folded(reading).split())
    return (wanted & found).total() / wanted.total() if wanted else 1.0


def edit_distance(one: str, other: str) -> int:
    """Insertions, deletions and replacements that make one string the other.

    Bit-parallel (Myers, JACM 1999, in Hyyrö's form): a column of the table is two integers.
    """
    places: dict[str, int] = {}
    for index, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << index
    full, last = (1 << len(one)) - 1, 1 << len(one) >> 1
    up, down, distance = full, 0, len(one)
    if not one:
        return len(other)
    for character in other:
        match = places.get(character, 0)
        zero = (((match & up) + up) ^ up) | match | down
        right, left = down | ~(zero | up) & full, up & zero
        distance += bool(right & last) - bool(left & last)
        right = right << 1 | 1
        up, down = (left << 1 | ~(zero | right) & full) & full, right & zero & full
    return distance


def _is_a_presentation_form(character: str) -> bool:
    """Whether it is an Arabic or Hebrew letter as drawn, a Latin ligature, or full-width ASCII."""
    ranges = (("\ufb00", "\ufdff"), ("\ufe70", "\ufefc"), ("\uff01", "\uff5e"))
    return any(low <= character <= high for low, high in ranges)
