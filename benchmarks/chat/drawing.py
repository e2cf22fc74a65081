"""Draw the documents of the question set: letters, invoices and the like, as somebody would scan them.

A page is written in lines: `# ` begins a heading, `a >> b` has its value at the right of the column,
`| a | b |` is a table's row, everything else runs on as a paragraph, broken to the page's width.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1654, 2339, 150
"""A4 at 200 dpi."""
SIZE, HEADING = 30, 40
LEADING = 1.7
FONTS = Path("/usr/share/fonts")
_FONT = {
    "ar": "truetype/dejavu/DejaVuSans.ttf",
    "zh": "opentype/noto/NotoSansCJK-Regular.ttc",
    "ja": "opentype/noto/NotoSansCJK-Regular.ttc",
    "ko": "opentype/noto/NotoSansCJK-Regular.ttc",
}
_PLAIN, _DEVANAGARI = "truetype/noto/NotoSans-Regular.ttf", "truetype/noto/NotoSansDevanagari-Regular.ttf"
_FACE = {"ja": 0, "ko": 1, "zh": 2}
_UNSPACED = {"zh", "ja"}
_VALUES = 0.62
"""Where the values of `a >> b` begin, as a share of the column."""


def drawn(text: str, language: str) -> Image.Image:
    """A page as grey pixels. Right-to-left languages begin at the right."""
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(page)
    y = float(MARGIN)
    for is_table, lines in groupby(text.splitlines(), lambda line: line.startswith("|")):
        if is_table:
            y = _table(draw, [_cells(line) for line in lines], y, language)
            continue
        for line in lines:
            y = _line(draw, line, y, language)
    return page


def _line(draw: ImageDraw.ImageDraw, line: str, y: float, language: str) -> float:
    size = HEADING if line.startswith("# ") else SIZE
    text = line.removeprefix("# ")
    if not text.strip():
        return y + 0.6 * SIZE
    label, arrow, value = text.partition(" >> ")
    if arrow:
        _put(draw, label, 0.0, y, size, language)
        _put(draw, value, _VALUES, y, size, language)
        return y + LEADING * size
    for part in _broken(draw, text, size, language):
        _put(draw, part, 0.0, y, size, language)
        y += LEADING * size
    return y + (0.4 * size if size == HEADING else 0)


def _table(draw: ImageDraw.ImageDraw, rows: list[list[str]], y: float, language: str) -> float:
    """Columns as wide as their longest cell, and a gap; without rules, as most invoices have them."""
    widths = [max(_width(draw, row[at], SIZE, language) for row in rows) for at in range(len(rows[0]))]
    spare = (WIDTH - 2 * MARGIN - sum(widths)) / len(widths)
    starts = [sum(widths[:at]) + at * spare for at in range(len(widths))]
    for row in rows:
        for start, cell in zip(starts, row, strict=True):
            _put(draw, cell, start / (WIDTH - 2 * MARGIN), y, SIZE, language)
        y += LEADING * SIZE
    return y


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _put(draw: ImageDraw.ImageDraw, text: str, share: float, y: float, size: int, language: str) -> None:
    """Text that begins so far into the column, a share of its width."""
    across = MARGIN + share * (WIDTH - 2 * MARGIN)
    if language == "ar":
        font = _font(_FONT["ar"], size, 0)
        draw.text((WIDTH - across, y), text, font=font, fill=0, anchor="ra", direction="rtl")
        return
    for part, font in _runs(text, size, language):
        draw.text((across, y + size), part, font=font, fill=0, anchor="ls")
        across += draw.textlength(part, font=font)


def _broken(draw: ImageDraw.ImageDraw, text: str, size: int, language: str) -> list[str]:
    """A paragraph as lines that fit."""
    words, space = (list(text), "") if language in _UNSPACED else (text.split(" "), " ")
    lines = [""]
    for word in words:
        longer = f"{lines[-1]}{space}{word}" if lines[-1] else word
        if (
            lines[-1]
            and _width(draw, longer, size, language) > WIDTH - 2 * MARGIN
            and word not in "。、，；：？"
        ):
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _width(draw: ImageDraw.ImageDraw, text: str, size: int, language: str) -> float:
    return sum(draw.textlength(part, font=font) for part, font in _runs(text, size, language))


def _runs(text: str, size: int, language: str) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """A text in pieces that one font can draw."""
    if language != "hi":
        return [(text, _font(_FONT.get(language, _PLAIN), size, _FACE.get(language, 0)))]
    runs = groupby(text, lambda letter: "\u0900" <= letter <= "\u097f" or letter == " ")
    return [
        ("".join(letters), _font(_DEVANAGARI if is_native else _PLAIN, size, 0))
        for is_native, letters in runs
    ]


@cache
def _font(name: str, size: int, face: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size, index=face)
