"""Find a PDF page's links and what is filled into its forms (inside the lock)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as raw

from ocrchat.sources.pdf_space import Rect

_MOST_ANNOTATIONS = 2_000
_LONGEST_TARGET, _LONGEST_VALUE = 2_000, 20_000
MOST_CHARACTERS = 100_000
"""Characters of links and fields of a page together."""

_SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://")
"""What a link may lead to; the rest is local to somebody's machine, or a script."""

_UNSEEN = 1 << 0 | 1 << 1 | 1 << 5
"""Annotation flags: invisible, hidden, no view (ISO 32000-2, table 167)."""
_PASSWORD = 1 << 13
"""Flag of a text field whose value nobody is to see (table 230)."""

_CHECKED, _UNCHECKED = "\u2611", "\u2610"


@dataclass(slots=True)
class PdfAnnotations:
    """Links and filled fields in points."""

    links: list[tuple[Rect, str]] = field(default_factory=list)
    fields: list[tuple[Rect, str]] = field(default_factory=list)
    characters: int = 0

    def add(self, kept: list[tuple[Rect, str]], rect: Rect, text: str) -> None:
        """Keep one, unless the page has too many characters of them already."""
        if text and self.characters + len(text) <= MOST_CHARACTERS:
            self.characters += len(text)
            kept.append((rect, text))


def annotations_of(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> PdfAnnotations:
    """The links and fields that a reader of the page sees."""
    found = PdfAnnotations()
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            _read(document, annotation, found)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return found


def _read(document: pypdfium2.PdfDocument, annotation: object, found: PdfAnnotations) -> None:
    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if kind not in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT):
        return
    rect = raw.FS_RECTF()
    if raw.FPDFAnnot_GetFlags(annotation) & _UNSEEN or not raw.FPDFAnnot_GetRect(annotation, rect):
        return
    place = (
        min(rect.left, rect.right),
        min(rect.bottom, rect.top),
        max(rect.left, rect.right),
        max(rect.bottom, rect.top),
    )
    if kind == raw.FPDF_ANNOT_LINK:
        found.add(found.links, place, _target(document, annotation))
    elif kind == raw.FPDF_ANNOT_FREETEXT:
        text = _text(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
        found.add(found.fields, place, text)
    elif document.formenv is not None:
        found.add(found.fields, place, _value(document.formenv.raw, annotation))


def _target(document: pypdfium2.PdfDocument, annotation: object) -> str:
    """The address that a link leads to, if it is one that may be shown; else nothing."""
    link = raw.FPDFAnnot_GetLink(annotation)
    action = raw.FPDFLink_GetAction(link) if link else None
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return ""
    length = raw.FPDFAction_GetURIPath(document.raw, action, None, 0)
    if not 1 < length <= _LONGEST_TARGET:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAction_GetURIPath(document.raw, action, buffer, length)
    target = buffer.value.decode("utf-8", "replace").strip()
    is_shown = target.lower().startswith(_SCHEMES) and target.isprintable() and " " not in target
    return target if is_shown else ""


def _value(form: object, annotation: object) -> str:
    """What is filled into a field; a tick or an empty box for one that is ticked or not."""
    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return _CHECKED if raw.FPDFAnnot_IsChecked(form, annotation) else _UNCHECKED
    is_text = kind == raw.FPDF_FORMFIELD_TEXTFIELD
    if is_text and raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    if is_text or kind in (raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX):
        return _text(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form, annotation, buffer, size))
    return ""


def _text(fetch: Callable[[object, int], int]) -> str:
    """A text of PDFium, whose lengths are bytes of UTF-16 with its end; nothing where it is too long."""
    size = fetch(None, 0)
    if not 2 < size <= 2 * _LONGEST_VALUE:
        return ""
    buffer = (ctypes.c_ushort * (size // 2))()
    fetch(buffer, size)
    text = bytes(buffer)[: size - 2].decode("utf-16-le", "replace")
    return "\n".join(
        line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ).strip()
