"""Write a document as one HTML page that stands alone: no script, nothing fetched, readable aloud."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Collection, Iterator, Sequence
from html import escape
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from ocrchat.exports.clean import cleaned, on_one_line
from ocrchat.exports.flow import spans_of
from ocrchat.exports.grid import grid_of
from ocrchat.exports.listing import Item, items_of
from ocrchat.exports.outline import parts_of
from ocrchat.exports.reading import Cutting, Reading
from ocrchat.exports.script import is_spaced, runs_leftward
from ocrchat.model import Block, BlockType, Page, Table
from ocrchat.model.flow import ground_of
from ocrchat.model.running import typed
from ocrchat.model.spans import Span

_IN_MEMORY = 1 << 20
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
_STYLE = """
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font-family: serif; line-height: 1.5; }
section { border-bottom: 1px solid #767676; padding: 1rem 0; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { border: 1px solid #767676; padding: .2rem .5rem; text-align: start; vertical-align: top; }
ul.as-printed { list-style: none; padding-inline-start: 1.5rem; }
figure { margin: 1rem 0; } img { max-width: 100%; }
.aside, .caption, .footnote { color: #404040; font-size: .85rem; }
"""
_CLASSES = {
    BlockType.CAPTION: "caption",
    BlockType.FOOTNOTE: "footnote",
    BlockType.HEADER: "aside",
    BlockType.FOOTER: "aside",
    BlockType.PAGE_NUMBER: "aside",
    BlockType.FORMULA: "formula",
}


def write(reading: Reading, file: BinaryIO) -> None:
    """UTF-8 HTML 5 with a section for each page; pictures are inside it. Goes through the pages twice.

    The sections wait in a file of their own until the language of most of them is known.
    """
    ground = ground_of(reading.pages)
    with SpooledTemporaryFile(_IN_MEMORY) as body:
        for page in reading.pages:
            for piece in _section(typed(page, ground.running), reading.cut, ground.words):
                body.write(piece.encode())
        file.write(_head(on_one_line(reading.title) or "Document", reading.about().language).encode())
        body.seek(0)
        copyfileobj(body, file)
    file.write(b"</main>\n</body>\n</html>\n")


def _head(title: str, language: str | None) -> str:
    spoken = f' lang="{escape(language)}"' if language else ""
    return (
        f'<!DOCTYPE html>\n<html{spoken}>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
    )


def _section(page: Page, cut: Cutting, words: Collection[str]) -> Iterator[str]:
    number = page.index + 1
    spoken = f' lang="{escape(page.language)}"' if page.language else ""
    yield f'<section id="page-{number}" aria-label="Page {number}"{spoken}>\n'
    if page.error:
        yield f"<p>This page could not be read: {escape(cleaned(page.error))}</p>\n"
    spaced = is_spaced(page.language, page.script)
    for part in parts_of(page):
        yield _part(part, page, cut, spaced, words) + "\n"
    yield "</section>\n"


def _part(
    part: Block | tuple[Block, ...] | Table, page: Page, cut: Cutting, spaced: bool, words: Collection[str]
) -> str:
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, tuple):
        return _list(items_of(part, spaced=spaced, words=words))
    spans = spans_of(part, spaced=spaced, words=words)
    if part.type is BlockType.FIGURE:
        return _figure(part, page, spans, cut)
    direction = _direction(part.text)
    if part.type is BlockType.HEADING:
        level = min(max(part.level or 1, 1), 6)
        return f"<h{level}{direction}>{_inline(spans)}</h{level}>"
    name = _CLASSES.get(part.type)
    kind = f' class="{name}"' if name else ""
    return f"<p{kind}{direction}>{_inline(spans)}</p>"


def _inline(spans: Sequence[Span]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    text = escape(span.text).replace("\n", "<br>")
    if span.italic:
        text = f"<em>{text}</em>"
    if span.bold:
        text = f"<strong>{text}</strong>"
    if span.link:
        text = f'<a href="{escape(span.link)}" rel="nofollow noopener noreferrer">{text}</a>'
    return text


def _direction(text: str) -> str:
    return ' dir="rtl"' if runs_leftward(text) else ""


def _figure(block: Block, page: Page, spans: Sequence[Span], cut: Cutting) -> str:
    picture = cut(page, block.box)
    image = ""
    if picture is not None:
        data = b64encode(picture.data).decode()
        image = (
            f'<img src="data:{picture.media_type};base64,{data}" alt="Figure on page {page.index + 1}"'
            f' width="{picture.width}" height="{picture.height}">'
        )
    caption = f"<figcaption{_direction(block.text)}>{_inline(spans)}</figcaption>" if spans else ""
    return f"<figure>{image}{caption}</figure>"


def _table(table: Table) -> str:
    grid = grid_of(table)
    rows = []
    for number, row in enumerate(grid.rows):
        name = 'th scope="col"' if number < grid.header_rows else "td"
        cells = "".join(
            f"<{name}{_spans(slot.rowspan, slot.colspan)}{_direction(slot.text)}>"
            f"{escape(slot.text).replace(chr(10), '<br>')}</{name[:2]}>"
            for slot in row
        )
        rows.append(f"<tr>{cells}</tr>")
    head, body = "".join(rows[: grid.header_rows]), "".join(rows[grid.header_rows :])
    return f"<table>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"


def _spans(down: int, across: int) -> str:
    return (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")


def _list(items: Sequence[Item]) -> str:
    return "".join(_nested(items, 0))


def _nested(items: Sequence[Item], depth: int) -> Iterator[str]:
    """The items of one depth, each with the deeper ones that follow it inside."""
    place = 0
    while place < len(items):
        name = _kind(items[place])
        level = items[place].level
        yield f"<{name}>"
        while place < len(items) and items[place].level <= max(level, depth) and _kind(items[place]) == name:
            item = items[place]
            end = place + 1
            while end < len(items) and items[end].level > item.level:
                end += 1
            value = f' value="{item.number}"' if item.number is not None else ""
            text = "".join(span.text for span in item.spans)
            inner = "".join(_nested(items[place + 1 : end], item.level))
            yield f"<li{value}{_direction(text)}>{_inline(item.spans)}{inner}</li>"
            place = end
        yield f"</{name.split()[0]}>"


def _kind(item: Item) -> str:
    if item.number is not None:
        return "ol"
    return "ul" if item.bullet else 'ul class="as-printed"'
