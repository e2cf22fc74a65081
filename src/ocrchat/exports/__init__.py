"""Write a document in the formats that other programs open."""

from ocrchat.exports.reading import About, Cutting, Picture, Reading, reading_of
from ocrchat.exports.registry import FORMATS, Format, format_named

__all__ = ["FORMATS", "About", "Cutting", "Format", "Picture", "Reading", "format_named", "reading_of"]
