"""The values a read document is made of; frozen, no I/O."""

from ocrchat.model.document import Block, BlockType, EngineStamp, Line, Note, Page, Source, Word
from ocrchat.model.geometry import Box
from ocrchat.model.image import PageImage
from ocrchat.model.table import Cell, Table
from ocrchat.model.text_layer import Field, Link, Picture, Style, TextLayer
from ocrchat.model.whole import Document

__all__ = [
    "Block",
    "BlockType",
    "Box",
    "Cell",
    "Document",
    "EngineStamp",
    "Field",
    "Line",
    "Link",
    "Note",
    "Page",
    "PageImage",
    "Picture",
    "Source",
    "Style",
    "Table",
    "TextLayer",
    "Word",
]
