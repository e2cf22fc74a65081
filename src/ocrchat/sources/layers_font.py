"""The font of invisible text: no glyphs, every letter half as wide as it is high."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_FONT = Path(__file__).with_name("glyphless.ttf").read_bytes()
"""Two glyphs, 500 of 1000 units wide, each a line there and back: no ink, but a box, without which PDFium
takes text that runs up or down a page for nothing. Made with fontTools' FontBuilder."""

_HEAD = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_FOOT = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
_AT_ONCE = 100
"""Of a CMap's operators (Adobe Technical Note 5411, 1.4)."""


def font_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """The font, without its letters; `name_letters` adds them when they are known."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.Glyphless,
        Flags=5,
        FontBBox=Array([0, -200, 500, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=800,
        StemV=80,
        FontFile2=pdf.make_stream(_FONT),
    )
    cid_font = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.Glyphless,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=500,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Glyphless,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(cid_font)]),
        )
    )


def name_letters(pdf: pikepdf.Pdf, font: pikepdf.Object, letters: Sequence[str]) -> None:
    """Say what letter each code from 1 stands for; every code shows the one empty glyph."""
    font.ToUnicode = pdf.make_stream(b"".join(_cmap(letters)))
    font.DescendantFonts[0].CIDToGIDMap = pdf.make_stream(b"\0\1" * (len(letters) + 1))


def _cmap(letters: Sequence[str]) -> Iterator[bytes]:
    yield _HEAD
    for start in range(0, len(letters), _AT_ONCE):
        some = letters[start : start + _AT_ONCE]
        yield b"%d beginbfchar\n" % len(some)
        for code, letter in enumerate(some, start + 1):
            yield f"<{code:04X}> <{letter.encode('utf-16-be', 'replace').hex().upper()}>\n".encode()
        yield b"endbfchar\n"
    yield _FOOT
