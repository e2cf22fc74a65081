"""Write the paragraphs, tables and pictures of a Word document (ECMA-376, 17.3, 17.4, 20.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ocrchat.exports.clean import cleaned
from ocrchat.exports.grid import Grid, Slot
from ocrchat.exports.reading import Picture
from ocrchat.exports.script import has_leftward, is_east_asian, runs_leftward
from ocrchat.exports.word_package import Relations
from ocrchat.model import Page
from ocrchat.model.spans import Span

_TWIPS, _EMU = 1440, 914_400
"""To the inch."""

_MARGIN = 1080
_A4 = 11_906, 16_838
_MOST_COLUMNS = 63
"""Of a table; Word calls a file with more damaged."""

_LEFTWARD_RUN = re.compile(
    r"([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]"
    r"(?:[^A-Za-z\u00c0-\u024f\u0370-\u058f]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])?)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page's size in twentieths of a point, and the resolution of its picture."""

    width: int = _A4[0]
    height: int = _A4[1]
    dpi: float = 200.0

    @staticmethod
    def of(page: Page) -> Frame:
        """The page's own where it is known and of a size that a printer has; else A4 as it lies."""
        if page.dpi and page.width and page.height:
            width, height = (round(side / page.dpi * _TWIPS) for side in (page.width, page.height))
            if all(4 * _TWIPS <= side <= 22 * _TWIPS for side in (width, height)):
                return Frame(width, height, page.dpi)
        width, height = _A4 if page.width <= page.height else _A4[::-1]
        return Frame(width, height, max(72.0, page.width / (width / _TWIPS)) if page.width else 200.0)

    @property
    def column(self) -> int:
        """What is between the margins."""
        return self.width - 2 * _MARGIN

    def section(self) -> str:
        """The properties of the section that the document is."""
        turned = ' w:orient="landscape"' if self.width > self.height else ""
        sides = "".join(f' w:{side}="{_MARGIN}"' for side in ("top", "right", "bottom", "left"))
        return (
            f'<w:sectPr><w:pgSz w:w="{self.width}" w:h="{self.height}"{turned}/>'
            f'<w:pgMar{sides} w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>'
        )


def paragraph(runs: str, *, style: str = "", numbered: tuple[int, int] | None = None, depth: int = 0) -> str:
    """A paragraph of runs that `styled` gave; from right to left where they begin so."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if numbered:
        number, level = numbered
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    if runs.startswith(_LEFTWARD):
        properties += "<w:bidi/>"
        runs = runs.removeprefix(_LEFTWARD)
    if depth and not numbered:
        properties += f'<w:ind w:left="{360 * depth}"/>'
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>\n"


_LEFTWARD = "\u200f"
"""Before the runs of a paragraph that is written from right to left; never part of the file."""


def styled(
    text: Sequence[Span] | str, relations: Relations, language: str | None = None, *, bold: bool = False
) -> str:
    """The runs of a paragraph, for `paragraph`; `language` where it is not the document's."""
    spans = (Span(cleaned(text)),) if isinstance(text, str) else text
    runs = "".join(_linked(span, relations, language, bold) for span in spans)
    return (_LEFTWARD if runs_leftward("".join(span.text for span in spans)) else "") + runs


def break_before(pieces: Sequence[str]) -> list[str]:
    """The pieces of a page, the first of them at the top of a new one."""
    first, others = (pieces[0], pieces[1:]) if pieces else ("<w:p></w:p>\n", ())
    if not first.startswith("<w:p>"):
        return ['<w:p><w:pPr><w:pStyle w:val="Gap"/><w:pageBreakBefore/></w:pPr></w:p>\n', first, *others]
    if not first.startswith("<w:p><w:pPr>"):
        return [first.replace("<w:p>", "<w:p><w:pPr><w:pageBreakBefore/></w:pPr>", 1), *others]
    style = re.match(r'<w:p><w:pPr>(?:<w:pStyle w:val="\w+"/>)?', first)
    end = style.end() if style else 0
    return [first[:end] + "<w:pageBreakBefore/>" + first[end:], *others]


def table(grid: Grid, frame: Frame, relations: Relations, language: str | None) -> str:
    """A table with its spans; one too wide for Word becomes lines with tabs."""
    if grid.columns > _MOST_COLUMNS:
        rows = ("\t".join(row).rstrip() for row in grid.texts())
        return "".join(paragraph(styled(row, relations, language)) for row in rows)
    step = max(1, frame.column // max(1, grid.columns))
    leftward = runs_leftward(" ".join(slot.text for row in grid.rows for slot in row))
    columns = f'<w:gridCol w:w="{step}"/>' * grid.columns
    rows_xml = "".join(
        _row(cells, number < grid.header_rows, step, relations, language) for number, cells in _rows(grid)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>{"<w:bidiVisual/>" if leftward else ""}'
        f'<w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows_xml}</w:tbl>\n'
        '<w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>\n'
    )


def picture(cut: Picture, name: tuple[str, int], frame: Frame) -> str:
    """A picture in a paragraph of its own, as large as it was printed but no wider than the column."""
    relation, number = name
    width = min(cut.width / frame.dpi, frame.column / _TWIPS)
    across, down = round(width * _EMU), round(width * cut.height / cut.width * _EMU)
    return (
        '<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{across}" cy="{down}"/>'
        f'<wp:docPr id="{number}" name="Figure {number}" descr="Figure {number}"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Figure {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{across}" cy="{down}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r></w:p>\n"
    )


def _rows(grid: Grid) -> Iterator[tuple[int, list[tuple[Slot, bool]]]]:
    """Each row's slots, those that reach down from above among them (True)."""
    hanging: list[Slot] = []
    for number, row in enumerate(grid.rows):
        hanging = [slot for slot in hanging if slot.row + slot.rowspan > number]
        cells = [(slot, False) for slot in row] + [(slot, True) for slot in hanging]
        yield number, sorted(cells, key=lambda cell: cell[0].column)
        hanging += [slot for slot in row if slot.rowspan > 1]


def _row(
    cells: Sequence[tuple[Slot, bool]], head: bool, step: int, relations: Relations, language: str | None
) -> str:
    inner = []
    for slot, continued in cells:
        spans = f'<w:gridSpan w:val="{slot.colspan}"/>' if slot.colspan > 1 else ""
        if slot.rowspan > 1:
            spans += "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>'
        texts = [""] if continued else slot.text.split("\n")
        text = "".join(
            paragraph(styled(each, relations, language, bold=head) if each else "") for each in texts
        )
        width = f'<w:tcW w:w="{step * slot.colspan}" w:type="dxa"/>'
        inner.append(f"<w:tc><w:tcPr>{width}{spans}</w:tcPr>{text}</w:tc>")
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{''.join(inner)}</w:tr>"


def _linked(span: Span, relations: Relations, language: str | None, bold: bool) -> str:
    runs = "".join(
        _run(text, span, leftward, language, bold) for text, leftward in _by_direction(span.text) if text
    )
    return f'<w:hyperlink r:id="{relations.link(span.link)}">{runs}</w:hyperlink>' if span.link else runs


def _by_direction(text: str) -> Iterator[tuple[str, bool]]:
    if not has_leftward(text):
        yield text, False
        return
    for place, part in enumerate(_LEFTWARD_RUN.split(text)):
        yield part, place % 2 == 1


def _run(text: str, span: Span, leftward: bool, language: str | None, bold: bool) -> str:
    properties = ""
    if span.bold or bold:
        properties += "<w:b/><w:bCs/>"
    if span.italic:
        properties += "<w:i/><w:iCs/>"
    if span.link:
        properties += '<w:color w:val="0563C1"/><w:u w:val="single"/>'
    if leftward:
        properties += "<w:rtl/>"
    if language:
        properties += f"<w:lang w:{_kind_of(text, leftward)}={quoteattr(language)}/>"
    inner = re.sub("[\n\t]", _break, escape(text))
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{inner}</w:t></w:r>'


def _kind_of(text: str, leftward: bool) -> str:
    return "bidi" if leftward else "eastAsia" if is_east_asian(text) else "val"


def _break(found: re.Match[str]) -> str:
    element = "<w:br/>" if found[0] == "\n" else "<w:tab/>"
    return f'</w:t>{element}<w:t xml:space="preserve">'
