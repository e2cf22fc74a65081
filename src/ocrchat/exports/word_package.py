"""Pack a Word document: the parts around its text, and what they say of each other (ECMA-376, part 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from ocrchat.exports.clean import on_one_line
from ocrchat.exports.reading import Picture, Reading
from ocrchat.languages import LANGUAGES, RIGHT_TO_LEFT

DOCUMENT = "word/document.xml"

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ENDINGS = {"image/png": "png", "image/jpeg": "jpeg"}
_EAST_ASIAN = {
    "Hans": ("SimSun", "zh-CN"),
    "Hant": ("PMingLiU", "zh-TW"),
    "Jpan": ("MS Mincho", "ja-JP"),
    "Kore": ("Batang", "ko-KR"),
}
"""The font and the language of each script that Word keeps apart from others; every Word has the fonts."""


class _Section(Protocol):
    def section(self) -> str: ...


class Relations:
    """What the document refers to: its fixed parts, pictures and links; each link once."""

    def __init__(self) -> None:
        self._links: dict[str, str] = {}
        self._pictures: list[str] = []
        self._added: list[tuple[str, bytes]] = []
        self._rows = [
            _relation("styles", f"{_OFFICE}/relationships/styles", "styles.xml"),
            _relation("numbering", f"{_OFFICE}/relationships/numbering", "numbering.xml"),
            _relation("settings", f"{_OFFICE}/relationships/settings", "settings.xml"),
        ]

    def link(self, address: str) -> str:
        """The name of a link to that address."""
        if address not in self._links:
            name = self._links[address] = f"link{len(self._links) + 1}"
            kind = f"{_OFFICE}/relationships/hyperlink"
            self._rows.append(_relation(name, kind, address, ' TargetMode="External"'))
        return self._links[address]

    def picture(self, picture: Picture) -> tuple[str, int]:
        """The name and the number of a picture that is now part of the package."""
        number = len(self._pictures) + 1
        name = f"media/figure{number}.{_ENDINGS[picture.media_type]}"
        self._pictures.append(name)
        self._added.append((f"word/{name}", picture.data))
        self._rows.append(_relation(f"figure{number}", f"{_OFFICE}/relationships/image", name))
        return f"figure{number}", number

    def pictures_added(self) -> list[tuple[str, bytes]]:
        """The pictures since the last call, each with its name in the package."""
        added, self._added = self._added, []
        return added

    def xml(self) -> str:
        """The part's text."""
        rows = "".join(self._rows)
        return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def document_head() -> str:
    """What stands before the first paragraph."""
    return (
        f'{_DECLARED}<w:document xmlns:w="{_WORD}" xmlns:r="{_OFFICE}/relationships"'
        f' xmlns:wp="{_DRAWING}/wordprocessingDrawing" xmlns:a="{_DRAWING}/main"'
        f' xmlns:pic="{_DRAWING}/picture"><w:body>\n'
    )


def document_foot(frame: _Section) -> str:
    """What stands after the last paragraph."""
    return f"{frame.section()}</w:body></w:document>\n"


def parts(
    reading: Reading, language: str | None, numbering: str, relations: Relations
) -> Iterator[tuple[str, str]]:
    """Every other part: its name in the package and its text; `language` is that of text that names none."""
    yield "word/styles.xml", _styles(language)
    yield "word/numbering.xml", numbering
    yield "word/settings.xml", _settings()
    yield "word/_rels/document.xml.rels", relations.xml()
    yield "docProps/core.xml", _properties(reading)
    yield "_rels/.rels", _package_relations()
    yield "[Content_Types].xml", _content_types()


def _relation(name: str, kind: str, target: str, more: str = "") -> str:
    return f'<Relationship Id="{name}" Type="{kind}" Target={quoteattr(target)}{more}/>'


def _package_relations() -> str:
    rows = _relation("document", f"{_OFFICE}/relationships/officeDocument", DOCUMENT) + _relation(
        "properties", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _content_types() -> str:
    defaults = {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "xml": "application/xml",
        "png": "image/png",
        "jpeg": "image/jpeg",
    }
    overrides = {
        f"/{DOCUMENT}": f"{_WORDML}.document.main+xml",
        "/word/styles.xml": f"{_WORDML}.styles+xml",
        "/word/numbering.xml": f"{_WORDML}.numbering+xml",
        "/word/settings.xml": f"{_WORDML}.settings+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    rows = "".join(f'<Default Extension="{name}" ContentType="{kind}"/>' for name, kind in defaults.items())
    rows += "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">{rows}</Types>'


def _properties(reading: Reading) -> str:
    spoken = reading.about().language
    language = f"<dc:language>{escape(spoken)}</dc:language>" if spoken else ""
    return (
        f'{_DECLARED}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(on_one_line(reading.title))}</dc:title><dc:creator>ocrchat</dc:creator>{language}"
        "</cp:coreProperties>"
    )


def _settings() -> str:
    office = "http://schemas.microsoft.com/office/word"
    modern = f'<w:compatSetting w:name="compatibilityMode" w:uri="{office}" w:val="15"/>'
    return f'{_DECLARED}<w:settings xmlns:w="{_WORD}"><w:compat>{modern}</w:compat></w:settings>'


def _styles(language: str | None) -> str:
    script = next((each.script for each in LANGUAGES if each.code == language), "")
    font, east_asian = _EAST_ASIAN.get(script, _EAST_ASIAN["Hans"])
    latin = language if language and script not in _EAST_ASIAN and script not in RIGHT_TO_LEFT else "en-US"
    leftward = language if language and script in RIGHT_TO_LEFT else "ar-SA"
    defaults = (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="{font}" w:cs="Arial"/>'
        '<w:sz w:val="22"/><w:szCs w:val="22"/>'
        f'<w:lang w:val="{latin}" w:eastAsia="{east_asian}" w:bidi="{leftward}"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault>"
        "</w:docDefaults>"
    )
    headings = "".join(_heading(level) for level in range(1, 7))
    small = '<w:rPr><w:color w:val="404040"/><w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr>'
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        "</w:style>"
    )
    return (
        f'{_DECLARED}<w:styles xmlns:w="{_WORD}">{defaults}{normal}{headings}'
        + _style("ListParagraph", "List Paragraph", "<w:pPr><w:contextualSpacing/></w:pPr>")
        + _style("Caption", "caption", small)
        + _style("Footnote", "footnote text", small)
        + _style("Aside", "Aside", small)
        + _style("Gap", "Gap", '<w:pPr><w:spacing w:after="0" w:line="120" w:lineRule="exact"/></w:pPr>')
        + _table_styles()
        + "</w:styles>"
    )


def _style(name: str, shown: str, properties: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/>'
        f'<w:basedOn w:val="Normal"/>{properties}</w:style>'
    )


def _heading(level: int) -> str:
    size = (36, 30, 26, 24, 22, 22)[level - 1]
    return (
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        '<w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="{level - 1}"/></w:pPr>'
        f'<w:rPr><w:b/><w:bCs/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _table_styles() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides)
    margins = '<w:tblCellMar><w:left w:w="108" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar>'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f"<w:tblPr>{margins}</w:tblPr></w:style>"
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        '<w:basedOn w:val="TableNormal"/>'
        '<w:pPr><w:spacing w:after="0"/></w:pPr>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style>"
    )
