"""Draw documents whose structure is known, as PDFs with text of their own."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import pikepdf

PAGE = (612, 792)
"""Points."""
LEADING = 1.3
_WORDS = """
    harbour lantern meadow copper willow saddle timber orchard pebble ribbon cellar feather gravel
    kettle ladder marble needle oyster parcel quarry rafter shovel thistle umbrella velvet wagon
    yonder zephyr anvil barrel candle dagger ember ferry garland hatchet island jacket kernel linen
    mirror nettle otter pillow quiver rudder sickle tunnel usher vessel walnut
""".split()  # noqa: SIM905


def prose(seed: int, words: int) -> str:
    """A paragraph of so many words, each with its number: no two of a document are the same."""
    text = " ".join(f"{_WORDS[(seed * 7 + n) % len(_WORDS)]}{seed * 100 + n}" for n in range(words))
    return text[:1].upper() + text[1:] + "."


def text(line: str, x: float, y: float, size: float = 10, font: str = "F") -> str:
    """One line whose baseline is `y` points below the top of the page."""
    return f"BT /{font} {size} Tf {x} {PAGE[1] - y} Td <{line.encode('cp1252').hex()}> Tj ET"


def paragraph(line: str, x: float, y: float, letters: int, size: float = 10) -> tuple[list[str], float]:
    """The operators of a paragraph broken after so many letters, and where the next may begin."""
    lines = textwrap.wrap(line, letters)
    drawn = [text(each, x, y + size * LEADING * row, size) for row, each in enumerate(lines)]
    return drawn, y + size * LEADING * (len(lines) - 1) + 2.2 * size


def column(paragraphs: Sequence[str], x: float, y: float, letters: int) -> tuple[list[str], float]:
    """Paragraphs one below the other, and where the next would begin."""
    drawn: list[str] = []
    for each in paragraphs:
        more, y = paragraph(each, x, y, letters)
        drawn += more
    return drawn, y


def box(x0: float, y0: float, x1: float, y1: float) -> str:
    """A frame of thin lines."""
    return f"0.7 w {x0} {PAGE[1] - y1} {x1 - x0} {y1 - y0} re S"


def rule(x0: float, y0: float, x1: float, y1: float) -> str:
    """A thin line."""
    return f"0.7 w {x0} {PAGE[1] - y0} m {x1} {PAGE[1] - y1} l S"


def picture(x0: float, y0: float, x1: float, y1: float) -> str:
    """The document's one picture, a plain grey, at that place."""
    return f"q {x1 - x0} 0 0 {y1 - y0} {x0} {PAGE[1] - y1} cm /P Do Q"


def saved(content: str, file: Path, turned: bool = False) -> Path:
    """A PDF of one page with that content; `turned` draws it on its head and says so."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=PAGE)
        fonts = {
            name: pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name(f"/{base}"),
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
            for name, base in (("/F", "Helvetica"), ("/B", "Helvetica-Bold"), ("/I", "Helvetica-Oblique"))
        }
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
        stream = pikepdf.Stream(pdf, bytes([190]) * 6400)
        stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        stream.Width = stream.Height = 80
        stream.BitsPerComponent, stream.ColorSpace = 8, pikepdf.Name.DeviceGray
        page.obj.Resources.XObject = pikepdf.Dictionary(P=stream)
        if turned:
            content = f"q -1 0 0 -1 {PAGE[0]} {PAGE[1]} cm {content} Q"
            page.obj.Rotate = 180
        page.Contents = pdf.make_stream(content.encode())
        pdf.save(file)
    return file
