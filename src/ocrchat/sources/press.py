"""Take the parcels of a searchable PDF in, inside the lock, and give the PDF out."""

from __future__ import annotations

from ocrchat.model.searchable import Imprint
from ocrchat.sources.limits import Limits
from ocrchat.sources.parcels import LAYER, layer_of, unpacked
from ocrchat.sources.picture import Decoder, Refusal
from ocrchat.sources.printing import Printer
from ocrchat.sources.sniff import SourceKind


class Press:
    """One document's printing; its printer is started by the first layer."""

    def __init__(
        self, document: Decoder, file: int, kind: SourceKind, password: str | None, limits: Limits
    ) -> None:
        self._source = (document, file, kind, password, limits)
        self._printer: Printer | None = None
        self._parts: list[str] = []

    def take(self, kind: str, part: str, *, last: bool) -> bytes:
        """Take a part of a parcel; nothing comes of it but, after the imprint, the file. Raises Refusal."""
        self._parts.append(part)
        if not last:
            return b""
        parts, self._parts = self._parts, []
        try:
            if self._printer is None:
                self._printer = Printer(*self._source)
            if kind == LAYER:
                self._printer.add(layer_of(unpacked(parts)))
                return b""
            return self._printer.finished(Imprint(**unpacked(parts)))
        except (MemoryError, Refusal):
            raise
        except Exception as error:  # qpdf and its binding raise many things about a broken file
            raise Refusal("damaged") from error
