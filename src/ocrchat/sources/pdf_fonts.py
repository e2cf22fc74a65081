"""Find fonts that give their letters other names than they draw them by (inside the lock)."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice, pairwise

import pikepdf
from pikepdf import Dictionary, Name

_LETTERS = string.ascii_letters + string.digits
_BY_NAME = {each: each for each in string.ascii_letters} | dict(
    zip(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        string.digits,
        strict=True,
    )
)
"""Letters by their glyphs' names (Adobe Glyph List)."""
_LATIN_ENCODINGS = frozenset({"/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding"})
"""They agree about the letters and digits of ASCII (ISO 32000-2, annex D)."""
_WITHOUT_LETTERS = ("Symbol", "ZapfDingbats")
_SYMBOLIC = 1 << 2
"""Of a font's flags (ISO 32000-2, table 121): its encoding is its own."""
_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_LONGEST_MAP = 1 << 16
"""Bytes of a ToUnicode map as it is stored; a font of 256 letters needs some hundred."""
_MOST_FONTS, _MOST_FORMS = 100, 100

_SECTION = re.compile(rb"(begin|end)bf(char|range)")
_CODE = rb"<\s*([0-9A-Fa-f]{2})\s*>\s*"
_ONE = re.compile(_CODE + rb"<\s*([0-9A-Fa-f]{4})\s*>")
_RANGE = re.compile(_CODE + _CODE + rb"<\s*([0-9A-Fa-f]{4})\s*>")
_LIST = re.compile(_CODE + _CODE + rb"\[([^\]]*)\]")
_IN_LIST = re.compile(rb"<\s*([0-9A-Fa-f]+)\s*>")


class Fonts:
    """The fonts of one document, each looked at once; `opening` gives the document, and is asked once."""

    def __init__(self, opening: Callable[[], pikepdf.Pdf]) -> None:
        self._opening = opening
        self._pdf: pikepdf.Pdf | None = None
        self._is_unreadable = False
        self._known: dict[tuple[int, int], str] = {}

    def renamed(self, place: int) -> str:
        """The letters that page `place` may say in place of others that its fonts draw; mostly none.

        A file draws a letter by its font's encoding and says it by the font's ToUnicode map. Where both are
        letters or digits of ASCII and not the same, one of them is wrong. Fonts of 16-bit codes, and those
        whose encoding is their own, say nothing about what they draw.
        """
        pdf = self._opened()
        if pdf is None:
            return ""
        try:
            fonts = _fonts_of(pdf.pages[place].resources)
            return "".join(sorted({letter for font in fonts for letter in self._renamed_by(font)}))
        except Exception:  # whatever a broken page makes qpdf stumble over: PDFium has read it
            return ""

    def _opened(self) -> pikepdf.Pdf | None:
        if self._pdf is None and not self._is_unreadable:
            try:
                self._pdf = self._opening()
            except Exception:  # as above
                self._is_unreadable = True
        return self._pdf

    def _renamed_by(self, font: pikepdf.Object) -> str:
        key = font.objgen
        if key[0] == 0:
            return renamed_by(font)
        if key not in self._known:
            self._known[key] = renamed_by(font)
        return self._known[key]


def renamed_by(font: pikepdf.Object) -> str:
    """The letters that a font's ToUnicode map says where its encoding has others, whatever their case."""
    if font.get("/Subtype") not in (Name.Type1, Name.MMType1, Name.TrueType):
        return ""
    said = font.get("/ToUnicode")
    if not isinstance(said, pikepdf.Stream) or int(said.get("/Length", 0)) > _LONGEST_MAP:
        return ""
    drawn = _drawn_by(font)
    return "".join(
        letter
        for code, letter in _said_by(said.read_bytes())
        if letter in _LETTERS and code in drawn and drawn[code].casefold() != letter.casefold()
    )


def _fonts_of(resources: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The fonts of a page's resources, and of the forms that they name, some of each."""
    waiting = [resources]
    seen: set[tuple[int, int]] = set()
    while waiting:
        resources = waiting.pop()
        yield from islice(resources.get("/Font", Dictionary()).values(), _MOST_FONTS)
        for form in islice(resources.get("/XObject", Dictionary()).values(), _MOST_FORMS):
            is_new = form.objgen not in seen and len(seen) < _MOST_FORMS
            if is_new and form.get("/Subtype") == Name.Form and "/Resources" in form:
                seen.add(form.objgen)
                waiting.append(form.Resources)


def _drawn_by(font: pikepdf.Object) -> dict[int, str]:
    """The letters and digits of ASCII that a font's codes draw, as its encoding has it."""
    encoding = font.get("/Encoding")
    descriptor = font.get("/FontDescriptor", Dictionary())
    is_symbolic = bool(int(descriptor.get("/Flags", 0)) & _SYMBOLIC)
    if is_symbolic and font.get("/Subtype") == Name.TrueType:
        return {}
    differences: list[pikepdf.Object] = []
    base = encoding
    if isinstance(encoding, Dictionary):
        base, differences = encoding.get("/BaseEncoding"), list(encoding.get("/Differences", []))
    is_own = is_symbolic or any(each in descriptor for each in _EMBEDDED)
    is_own = is_own or str(font.get("/BaseFont", "/")).endswith(_WITHOUT_LETTERS)
    is_latin = str(base) in _LATIN_ENCODINGS or (base is None and not is_own)
    drawn = {ord(each): each for each in _LETTERS} if is_latin else {}
    code = 0
    for each in differences:
        if isinstance(each, Name):
            drawn.pop(code, None)
            if (letter := _BY_NAME.get(str(each)[1:])) is not None:
                drawn[code] = letter
            code += 1
        else:
            code = int(each)
    return drawn


def _said_by(cmap: bytes) -> Iterator[tuple[int, str]]:
    """Codes of one byte and the one character each stands for (Adobe Technical Note 5411)."""
    for begin, end in pairwise(_SECTION.finditer(cmap)):
        if begin[1] != b"begin" or end[1] != b"end":
            continue
        body = cmap[begin.end() : end.start()]
        if begin[2] == b"char":
            for one in _ONE.finditer(body):
                yield int(one[1], 16), _character(one[2])
            continue
        for some in _RANGE.finditer(body):
            first, last, start = (int(each, 16) for each in some.groups())
            for code in range(first, last + 1):
                yield code, chr(min(start + code - first, 0xFFFF))
        for some in _LIST.finditer(body):
            for code, each in enumerate(_IN_LIST.findall(some[3]), int(some[1], 16)):
                yield code, _character(each)


def _character(digits: bytes) -> str:
    """The character that hexadecimal UTF-16 stands for; nothing for what is none, or several."""
    with suppress(ValueError, UnicodeDecodeError):
        text = bytes.fromhex(digits.decode()).decode("utf-16-be")
        return text if len(text) == 1 else ""
    return ""
