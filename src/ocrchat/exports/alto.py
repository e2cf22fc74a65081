"""Write a document as ALTO 4: one file, a Page for each page, boxes in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from ocrchat.exports.clean import on_one_line
from ocrchat.exports.outline import lines_of, lines_of_cells, words_and_spaces
from ocrchat.exports.reading import Reading
from ocrchat.exports.script import runs_leftward
from ocrchat.model import Block, BlockType, Box, EngineStamp, Line, Page, Word

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"


def write(reading: Reading, file: BinaryIO) -> None:
    """UTF-8 XML by the schema alto-4-4.xsd; blocks in reading order, tables as composed blocks."""
    tags = "".join(f'<LayoutTag ID="{_tag(kind)}" LABEL="{kind.value}"/>' for kind in BlockType)
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="{_NAMESPACE}" SCHEMAVERSION="4.4">\n'
        "<Description><MeasurementUnit>pixel</MeasurementUnit>"
        f"<sourceImageInformation><fileName>{_text(reading.title)}</fileName></sourceImageInformation>"
        f"{_processing(reading.engine)}</Description>\n<Tags>{tags}</Tags>\n<Layout>\n"
    )
    file.write(head.encode())
    for page in reading.pages:
        for piece in _page(page):
            file.write(piece.encode())
    file.write(b"</Layout>\n</alto>\n")


def _processing(engine: EngineStamp | None) -> str:
    settings = ""
    if engine:
        models = ", ".join((f"{engine.name} {engine.version}", *engine.models))
        settings = f"<processingStepSettings>{_text(models)}</processingStepSettings>"
    return (
        '<Processing ID="read"><processingCategory>contentGeneration</processingCategory>'
        f"{settings}<processingSoftware><softwareName>ocrchat</softwareName>"
        f"<softwareVersion>{_text(version('ocrchat'))}</softwareVersion></processingSoftware></Processing>"
    )


def _page(page: Page) -> Iterator[str]:
    number = page.index + 1
    box = Box(0, 0, page.width, page.height)
    language = f" LANG={_quoted(page.language)}" if page.language else ""
    yield (
        f'<Page ID="page_{number}" PHYSICAL_IMG_NR="{number}" PROCESSING="read"'
        f' PC="{_share(page.confidence)}" WIDTH="{page.width}" HEIGHT="{page.height}"{language}>\n'
        f"<PrintSpace{_place(box)}>\n"
    )
    for place, block in enumerate(page.blocks, 1):
        yield from _block(page, block, f"{number}_{place}")
    yield "</PrintSpace>\n</Page>\n"


def _block(page: Page, block: Block, name: str) -> Iterator[str]:
    common = f' ID="block_{name}" TAGREFS="{_tag(block.type)}"{_place(block.box)}'
    if cells := lines_of_cells(page, block):
        yield f'<ComposedBlock TYPE="table"{common}>\n'
        for place, (cell, found) in enumerate(cells, 1):
            inner = Block(cell.text, cell.box, block.confidence, lines=found)
            yield from _block(page, inner, f"{name}_{place}")
        yield "</ComposedBlock>\n"
        return
    lines = [line for line in lines_of(page, block) if line.text.strip()]
    if not lines and block.type is BlockType.FIGURE:
        yield f"<Illustration{common}/>\n"
        return
    direction = ' BASEDIRECTION="rtl"' if runs_leftward(block.text) else ""
    yield f"<TextBlock{common}{direction}>\n"
    for place, line in enumerate(lines, 1):
        yield _line(line, f"{name}_{place}")
    yield "</TextBlock>\n"


def _line(line: Line, name: str) -> str:
    found = words_and_spaces(line)
    words = "".join(_word(word) + "<SP/>" * is_spaced for word, is_spaced in found).removesuffix("<SP/>")
    return f'<TextLine ID="line_{name}"{_place(line.box)}>{words}</TextLine>\n' if words else ""


def _word(word: Word) -> str:
    styles = " ".join(name for name, has in (("bold", word.bold), ("italics", word.italic)) if has)
    style = f' STYLE="{styles}"' if styles else ""
    content = _quoted(on_one_line(word.text))
    return f'<String CONTENT={content} WC="{_share(word.confidence)}"{style}{_place(word.box)}/>'


def _place(box: Box) -> str:
    return f' HPOS="{box.x0}" VPOS="{box.y0}" WIDTH="{box.width}" HEIGHT="{box.height}"'


def _share(confidence: float) -> str:
    return f"{min(max(confidence, 0.0), 1.0):.4g}"


def _tag(kind: BlockType) -> str:
    return f"tag-{kind.value}"


def _quoted(text: str) -> str:
    return quoteattr(text)


def _text(text: str) -> str:
    return quoteattr(on_one_line(text))[1:-1].replace("<", "&lt;").replace(">", "&gt;")
