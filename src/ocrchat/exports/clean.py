"""Take from recognized text what could do harm where it is shown."""

from __future__ import annotations

import re

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters
    "\u2028\u2029"  # line ends that only some programs know
    "\u202a-\u202e\u2066-\u2069"  # what turns the direction of all that follows
    "\ufeff\ufff9-\ufffb"  # marks of byte order and of annotations
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters
    "\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U000e0000-\U000e007f\U0010fffe\U0010ffff]"
)


def cleaned(text: str) -> str:
    """The text without controls, directional overrides and what is no character.

    Keeps tabs and line feeds; other line ends become line feeds, half a surrogate pair U+FFFD. What is
    left is valid in UTF-8 and in XML 1.0 (section 2.2), and reads in the order in which it stands.
    """
    return _HARMFUL.sub(_instead, text) if _HARMFUL.search(text) else text


def on_one_line(text: str) -> str:
    """The cleaned text with a space for each run of white space."""
    return " ".join(cleaned(text).split())


def _instead(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in "\r\x0b\x0c\x85\u2028\u2029":
        end = found.end()
        return "" if letter == "\r" and found.string[end : end + 1] == "\n" else "\n"
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else ""
