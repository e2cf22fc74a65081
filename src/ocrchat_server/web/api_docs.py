"""Tell the API's routes as the OpenAPI schema has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ocrchat_server.api.v1.routes import api


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a form."""

    name: str
    default: str
    meaning: SafeString


@dataclass(frozen=True, slots=True)
class Route:
    """A route and what it takes."""

    method: str
    path: str
    summary: str
    meaning: SafeString
    fields: tuple[Field, ...]

    @property
    def is_explained(self) -> bool:
        """Whether any of its fields says what it is for."""
        return any(field.meaning for field in self.fields)


@cache
def routes_described() -> tuple[Route, ...]:
    """Every route of the schema, in its order."""
    schema = api.get_openapi_schema()
    return tuple(
        Route(
            method=method.upper(),
            path=path,
            summary=operation.get("summary", ""),
            meaning=_with_code(operation.get("description", "")),
            fields=(*_parameters(operation), *_form(operation)),
        )
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    )


def _parameters(operation: dict[str, Any]) -> Iterator[Field]:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            default = str(parameter.get("schema", {}).get("default", ""))
            yield Field(f"?{parameter['name']}=", default, _with_code(parameter.get("description", "")))


def _form(operation: dict[str, Any]) -> Iterator[Field]:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content.get("schema", {})
        for name, field in schema.get("properties", {}).items():
            meaning = field.get("description") or ("the document" if name == "file" else "")
            yield Field(name, str(field.get("default", "")), _with_code(meaning))


def _with_code(text: str) -> SafeString:
    """A text, escaped, with what stands between backticks marked as code."""
    tags = ("<code>{}</code>", "{}")
    parts = text.split("`")
    return format_html("".join(tags[place % 2 == 0] for place in range(len(parts))), *parts)
