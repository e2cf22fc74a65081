"""Read what a POST asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest

from ocrchat.errors import RequestError, UnknownOption
from ocrchat.language_codes import resolve
from ocrchat.model import Note
from ocrchat.options import Options

FIELDS: dict[str, tuple[str, str]] = {
    "tier": ("cpu", "`cpu` for printed documents, `vlm` for handwriting and complex layout"),
    "language": ("auto", "`auto` or a code: `en`, `ch`, `ja`, `ar`; several as `en+ar`"),
    "tool": ("", "the preset of a tool; none is offered yet"),
    "translate_to": ("", "a language to translate into; none is offered yet"),
    "pages": ("", "only these pages, counted from 1: `1-5,8`"),
    "text_layer": ("auto", "a PDF page's own text: `auto` where it is sound, `always`, `never`"),
    "max_credits": ("", "refuse with 402 what would cost more credits than this"),
    "password": ("", "the password of an encrypted PDF"),
    "webhook_url": ("", "an address that is told, signed, when the job has ended; needs an account"),
}
"""Every field beside `file`: its default and its meaning."""


@dataclass(frozen=True, slots=True)
class Form:
    """A checked POST; the file lies where the upload was written to."""

    file: TemporaryUploadedFile
    options: Options
    language: str
    pages: str
    max_credits: int | None
    webhook_url: str
    notes: tuple[Note, ...]


def form_of(request: HttpRequest) -> Form:
    """What the request asks for. RequestError says which field is wrong and what it takes.

    Reads and parses the whole body: call it off the event loop.
    """
    if request.content_type != "multipart/form-data":
        raise RequestError("no file: send a form as multipart/form-data, with the document in `file`")
    values = {name: request.POST.get(name, "").strip() or default for name, (default, _) in FIELDS.items()}
    for name in FIELDS:
        if len(request.POST.getlist(name)) > 1:
            raise RequestError(f"the field `{name}` stands more than once in the form")
    for name in ("tool", "translate_to"):
        if values[name]:
            raise UnknownOption(name, values[name], ())
    options = Options(
        tier=values["tier"],
        languages=resolve(values["language"]),
        password=values["password"] or None,
        text_layer=values["text_layer"],
    )
    file = request.FILES.get("file")
    if not isinstance(file, TemporaryUploadedFile):
        raise RequestError("no file: put the document into the form's field `file`")
    if not file.size:
        raise RequestError("the file is empty")
    strange = tuple(
        Note("unknown-field", f"the field {name[:40]!r} is not known here and was ignored")
        for name in request.POST
        if name not in FIELDS
    )
    return Form(
        file=file,
        options=options,
        language=values["language"],
        pages=values["pages"],
        max_credits=_credits(values["max_credits"]),
        webhook_url=values["webhook_url"],
        notes=strange,
    )


def _credits(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UnknownOption("max_credits", text, ["a whole number of credits"])
    return int(text)


def form_schema() -> dict[str, Any]:
    """The form as OpenAPI's request body."""
    properties: dict[str, Any] = {"file": {"type": "string", "format": "binary"}}
    for name, (default, meaning) in FIELDS.items():
        properties[name] = {"type": "string", "default": default, "description": meaning}
    schema = {"type": "object", "required": ["file"], "properties": properties}
    return {"content": {"multipart/form-data": {"schema": schema}}, "required": True}
