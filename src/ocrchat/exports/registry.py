"""Name the formats, and say what each one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from ocrchat.errors import UnknownOption
from ocrchat.exports import alto, csv, docx, hocr, html, json, md, pdf, txt, xlsx
from ocrchat.exports.reading import Reading

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a document down; `name` is what `?format=` takes, `ending` the file's.

    `write` writes it from the start to the end into a binary file, and reads nothing back.
    """

    name: str
    ending: str
    media_type: str
    meaning: str
    write: Callable[[Reading, BinaryIO], None]


FORMATS = (
    Format("txt", "txt", "text/plain; charset=utf-8", "plain text, a form feed between pages", txt.write),
    Format("md", "md", "text/markdown; charset=utf-8", "Markdown of the whole document", md.write),
    Format(
        "html",
        "html",
        "text/html; charset=utf-8",
        "one web page with its pictures, without scripts",
        html.write,
    ),
    Format(
        "docx",
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
        "Word: headings, lists, tables, pictures",
        docx.write,
    ),
    Format("pdf", "pdf", "application/pdf", "the pages themselves, searchable", pdf.write),
    Format(
        "csv",
        "csv",
        "text/csv; charset=utf-8; header=absent",
        "the tables, or without any the lines; `?table=2` gives one",
        csv.write,
    ),
    Format("xlsx", "xlsx", f"{_OFFICE}.spreadsheetml.sheet", "a workbook with a sheet a table", xlsx.write),
    Format("json", "json", "application/json", "everything: pages, blocks, lines, words, boxes", json.write),
    Format(
        "hocr", "hocr", "text/html; charset=utf-8", "hOCR 1.2: HTML with boxes and confidences", hocr.write
    ),
    Format("alto", "xml", "application/xml", "ALTO 4: XML with boxes and confidences", alto.write),
)


def format_named(name: str) -> Format:
    """The format of that name; UnknownOption names those that exist."""
    for each in FORMATS:
        if each.name == name:
            return each
    raise UnknownOption("format", name, (each.name for each in FORMATS))
