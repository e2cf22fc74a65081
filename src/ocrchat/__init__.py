"""Read documents: an image or a PDF in, clean text, Markdown and boxes out.

from ocrchat import recognize

document = recognize("scan.pdf", language="en")
print(document.markdown)
"""

from ocrchat.errors import OcrchatError, RequestError, ServiceError, SourceError
from ocrchat.model import Block, Box, Document, Line, Page, Table, Word
from ocrchat.options import Options
from ocrchat.pipeline import Reader, recognize

__all__ = [
    "Block",
    "Box",
    "Document",
    "Line",
    "OcrchatError",
    "Options",
    "Page",
    "Reader",
    "RequestError",
    "ServiceError",
    "SourceError",
    "Table",
    "Word",
    "recognize",
]
