"""Write a document in the formats that other programs open."""

from ocrchat.exports.registry import FORMATS, Format, format_named

__all__ = ["FORMATS", "Format", "format_named"]
