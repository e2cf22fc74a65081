"""Turn a document's values into plain data for JSON, and pages back into values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from ocrchat.model.document import Block, BlockType, EngineStamp, Line, Note, Page, Source, Word
from ocrchat.model.geometry import Box
from ocrchat.model.packed import Packed, packed_lines, unpacked_line, unpacked_lines
from ocrchat.model.table import Cell, Table
from ocrchat.model.whole import Document

Plain = dict[str, Any]


def box_as_list(box: Box) -> list[int]:
    """[x0, y0, x1, y1], as the API writes a `bbox`."""
    return [box.x0, box.y0, box.x1, box.y1]


def word_as_plain(word: Word) -> Plain:
    """A word with the keys of the API; what a text layer tells of it only where it is so."""
    plain: Plain = {"text": word.text, "bbox": box_as_list(word.box), "confidence": word.confidence}
    if word.bold:
        plain["bold"] = True
    if word.italic:
        plain["italic"] = True
    if word.link:
        plain["link"] = word.link
    return plain


def line_as_plain(line: Line) -> Plain:
    """A line with its words; `is_ended` only on one that its author ended."""
    plain: Plain = {
        "text": line.text,
        "bbox": box_as_list(line.box),
        "confidence": line.confidence,
        "words": [word_as_plain(word) for word in line.words],
    }
    if line.is_ended:
        plain["is_ended"] = True
    return plain


def block_as_plain(block: Block, *, words: bool) -> Plain:
    """A block; its lines and words only when asked for."""
    plain: Plain = {
        "text": block.text,
        "bbox": box_as_list(block.box),
        "confidence": block.confidence,
        "type": block.type.value,
        "level": block.level,
    }
    if block.table is not None:
        plain["table"] = block.table
    if words:
        plain["lines"] = [line_as_plain(line) for line in block.lines]
    return plain


def table_as_plain(table: Table) -> Plain:
    """A table as rows of cells; a cell that spans rows stands in its first."""
    rows: dict[int, list[Plain]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(
            {
                "text": cell.text,
                "bbox": box_as_list(cell.box),
                "row": cell.row,
                "column": cell.column,
                "rowspan": cell.rowspan,
                "colspan": cell.colspan,
            }
        )
    return {
        "bbox": box_as_list(table.box),
        "rows": [rows[row] for row in sorted(rows)],
        "header_rows": table.header_rows,
        "html": table.html,
    }


def note_as_plain(note: Note) -> Plain:
    """A warning of the API; `bbox` only on one that is about a place."""
    plain: Plain = {"code": note.code, "message": note.message, "page": note.page}
    if note.box is not None:
        plain["bbox"] = box_as_list(note.box)
    return plain


def page_as_plain(page: Page, *, words: bool) -> Plain:
    """A page with the keys of the API; `error` only on a page that has one."""
    plain: Plain = {
        "index": page.index,
        "text": page.text,
        "blocks": [block_as_plain(block, words=words) for block in page.blocks],
        "width": page.width,
        "height": page.height,
        "dpi": page.dpi,
        "rotation": page.rotation,
        "confidence": page.confidence,
        "language": page.language,
        "script": page.script,
        "source": page.source.value,
        "coverage": page.coverage,
        "markdown": page.markdown,
        "tables": [table_as_plain(table) for table in page.tables],
    }
    if page.error is not None:
        plain["error"] = page.error
    return plain


def document_as_plain(document: Document) -> Plain:
    """The whole document, words and all."""
    return {
        "page_count": len(document.pages),
        "mean_confidence": document.mean_confidence,
        "detected_languages": list(document.detected_languages),
        "text": document.text,
        "markdown": document.markdown,
        "pages": [page_as_plain(page, words=True) for page in document.pages],
        "warnings": [note_as_plain(note) for note in document.notes],
        "engine": engine_as_plain(document.engine),
    }


def engine_as_plain(engine: EngineStamp | None) -> Plain | None:
    """What read a document; null where nobody knows."""
    if engine is None:
        return None
    return {"name": engine.name, "version": engine.version, "models": list(engine.models)}


def page_as_stored(page: Page) -> Plain:
    """A page with everything that `page_from_stored` needs to make it again."""
    return _without_lines(page) | {"lines": _lines(page)}


def _without_lines(page: Page) -> Plain:
    """What a page says; lines of headings alone, by whose size a document's are ranked."""
    plain = page_as_plain(page, words=False) | {"notes": [note_as_plain(note) for note in page.notes]}
    for block, each in zip(plain["blocks"], page.blocks, strict=True):
        if each.type is BlockType.HEADING:
            block["lines"] = packed_lines(each.lines)
    return plain


def _lines(page: Page) -> list[list[Packed]]:
    """The lines of each block; of a heading none, which stand beside it."""
    told = [() if block.type is BlockType.HEADING else block.lines for block in page.blocks]
    packed = iter(packed_lines(list(chain.from_iterable(told))))
    return [list(islice(packed, len(lines))) for lines in told]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page as the bytes that are kept of it, and what has to be known without reading them.

    The first `outline` bytes and a closing brace are the page without its lines.
    """

    index: int
    source: Source
    error: str | None
    data: bytes
    outline: int


def stored(page: Page) -> StoredPage:
    """The page as JSON of `page_as_stored`, in UTF-8; what is no character becomes a question mark."""
    outline = _encoded(_without_lines(page))[:-1]
    data = outline + b',"lines":' + _encoded(_lines(page)) + b"}"
    return StoredPage(page.index, page.source, page.error, data, len(outline))


def _encoded(plain: Plain | list[list[Packed]]) -> bytes:
    return _AS_JSON(plain).encode("utf-8", "replace")


_AS_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
"""Without a look for circles, which takes as long as all the rest: values that are made here have none."""


def page_from_bytes(data: bytes) -> Page:
    """The page whose `StoredPage.data` that is."""
    return page_from_stored(json.loads(data))


def page_from_stored(plain: Mapping[str, Any]) -> Page:
    """The page that `page_as_stored` was given; KeyError or ValueError on anything else.

    Without "lines" its blocks have none, but headings; what earlier versions stored has them in its blocks.
    """
    lines = plain.get("lines") or [[]] * len(plain["blocks"])
    made = iter(unpacked_lines(list(chain.from_iterable(lines))))
    return Page(
        index=plain["index"],
        width=plain["width"],
        height=plain["height"],
        text=plain["text"],
        markdown=plain["markdown"],
        blocks=tuple(
            [
                _block(each, tuple(islice(made, len(its_lines))))
                for each, its_lines in zip(plain["blocks"], lines, strict=True)
            ]
        ),
        tables=tuple(_table(each) for each in plain["tables"]),
        confidence=plain["confidence"],
        dpi=plain["dpi"],
        rotation=plain["rotation"],
        language=plain["language"],
        script=plain["script"],
        source=Source(plain["source"]),
        coverage=plain["coverage"],
        error=plain.get("error"),
        notes=tuple(_note(each) for each in plain["notes"]),
    )


def _box(sides: Sequence[int]) -> Box:
    x0, y0, x1, y1 = sides
    return Box(x0, y0, x1, y1)


def _note(plain: Mapping[str, Any]) -> Note:
    box = _box(plain["bbox"]) if "bbox" in plain else None
    return Note(plain["code"], plain["message"], plain["page"], box)


def _block(plain: Mapping[str, Any], lines: tuple[Line, ...]) -> Block:
    return Block(
        text=plain["text"],
        box=_box(plain["bbox"]),
        confidence=plain["confidence"],
        type=BlockType(plain["type"]),
        level=plain["level"],
        lines=tuple(map(_line, plain["lines"])) if "lines" in plain else lines,
        table=plain.get("table"),
    )


def _line(plain: Mapping[str, Any] | Packed) -> Line:
    if isinstance(plain, list):
        return unpacked_line(plain)
    words = tuple(_word(each) for each in plain["words"])
    return Line(plain["text"], _box(plain["bbox"]), plain["confidence"], words, plain.get("is_ended", False))


def _word(plain: Mapping[str, Any]) -> Word:
    return Word(
        plain["text"],
        _box(plain["bbox"]),
        plain["confidence"],
        bold=plain.get("bold", False),
        italic=plain.get("italic", False),
        link=plain.get("link"),
    )


def _table(plain: Mapping[str, Any]) -> Table:
    cells = tuple(
        Cell(each["text"], _box(each["bbox"]), each["row"], each["column"], each["rowspan"], each["colspan"])
        for row in plain["rows"]
        for each in row
    )
    return Table(_box(plain["bbox"]), cells, plain["html"], plain.get("header_rows", 0))
