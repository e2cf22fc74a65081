"""Write a document as hOCR 1.2: HTML whose elements carry boxes and confidences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.metadata import version
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from ocrchat.exports.clean import cleaned, on_one_line
from ocrchat.exports.outline import lines_of, words_and_spaces
from ocrchat.exports.reading import Reading
from ocrchat.exports.script import runs_leftward
from ocrchat.model import Block, BlockType, Box, Line, Page, Word

_AREAS = {
    BlockType.TABLE: "ocr_table",
    BlockType.FIGURE: "ocr_image",
    BlockType.FORMULA: "ocr_display",
    BlockType.CAPTION: "ocr_caption",
    BlockType.HEADER: "ocr_header",
    BlockType.FOOTER: "ocr_footer",
    BlockType.PAGE_NUMBER: "ocr_pageno",
}
_CAPABILITIES = (
    f"ocr_page ocr_carea ocr_par ocr_line ocrx_word {' '.join(_AREAS.values())} ocrp_wconf ocrp_lang ocrp_dir"
)
_IN_MEMORY = 1 << 20
_NO_QUOTES = str.maketrans({'"': "'", "\\": "_"})
"""What would end the file's name within the properties of a page."""


def write(reading: Reading, file: BinaryIO) -> None:
    """UTF-8 XHTML, one `ocr_page` a page, its blocks in reading order; boxes are those of the API.

    The pages wait in a file of their own until it is known which languages they are in.
    """
    title = escape(on_one_line(reading.title).translate(_NO_QUOTES) or "Document")
    languages: dict[str, None] = {}
    with SpooledTemporaryFile(_IN_MEMORY) as body:
        for page in reading.pages:
            if page.language:
                languages[page.language] = None
            for piece in _page(page, title):
                body.write(piece.encode())
        file.write(_head(reading, title, list(languages)).encode())
        body.seek(0)
        copyfileobj(body, file)
    file.write(b"</body>\n</html>\n")


def _head(reading: Reading, title: str, languages: Sequence[str]) -> str:
    language = escape(reading.about().language or "und")
    system = f"ocrchat {version('ocrchat')}"
    if reading.engine:
        system += f" ({reading.engine.name} {reading.engine.version})"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{language}" lang="{language}">\n<head>\n'
        f'<meta charset="utf-8"/>\n<title>{title}</title>\n'
        f'<meta name="ocr-system" content="{escape(cleaned(system))}"/>\n'
        f'<meta name="ocr-capabilities" content="{_CAPABILITIES}"/>\n'
        f'<meta name="ocr-langs" content="{escape(" ".join(languages) or "unknown")}"/>\n'
        f'<meta name="ocr-number-of-pages" content="{reading.page_count}"/>\n</head>\n<body>\n'
    )


def _page(page: Page, title: str) -> Iterator[str]:
    number = page.index + 1
    box = Box(0, 0, page.width, page.height)
    facts = f"{_box(box)}; ppageno {page.index}; image &quot;{title}&quot;"
    if page.dpi:
        facts += f"; scan_res {page.dpi:.0f} {page.dpi:.0f}"
    spoken = f' lang="{escape(page.language)}"' if page.language else ""
    yield f'<div class="ocr_page" id="page_{number}" title="{facts}"{spoken}>\n'
    for place, block in enumerate(page.blocks, 1):
        yield from _block(page, block, f"{number}_{place}")
    yield "</div>\n"


def _block(page: Page, block: Block, name: str) -> Iterator[str]:
    kind = _AREAS.get(block.type, "ocr_carea")
    direction = ' dir="rtl"' if runs_leftward(block.text) else ""
    yield f'<div class="{kind}" id="block_{name}" title="{_box(block.box)}">\n'
    yield f'<p class="ocr_par" id="par_{name}" title="{_box(block.box)}"{direction}>\n'
    for place, line in enumerate(lines_of(page, block), 1):
        yield _line(line, f"{name}_{place}")
    yield "</p>\n</div>\n"


def _line(line: Line, name: str) -> str:
    words = "".join(
        _word(word, f"{name}_{place}") + " " * is_spaced
        for place, (word, is_spaced) in enumerate(words_and_spaces(line), 1)
    ).rstrip()
    facts = f"{_box(line.box)}; x_wconf {_percent(line.confidence)}"
    return f'<span class="ocr_line" id="line_{name}" title="{facts}">{words}</span>\n'


def _word(word: Word, name: str) -> str:
    text = escape(on_one_line(word.text))
    if word.italic:
        text = f"<em>{text}</em>"
    if word.bold:
        text = f"<strong>{text}</strong>"
    facts = f"{_box(word.box)}; x_wconf {_percent(word.confidence)}"
    return f'<span class="ocrx_word" id="word_{name}" title="{facts}">{text}</span>'


def _box(box: Box) -> str:
    return f"bbox {box.x0} {box.y0} {box.x1} {box.y1}"


def _percent(confidence: float) -> int:
    return round(100 * min(max(confidence, 0.0), 1.0))
