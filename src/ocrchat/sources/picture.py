"""What decoders hand over: pixels in bands, and why there are none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

Figure = int | float | str
Remark = tuple[str, dict[str, Figure]]
"""A code of `findings` and the figures for its sentence."""


class Refusal(Exception):
    """A file or a page that cannot be decoded: a code of `findings` and the figures for its sentence."""

    def __init__(self, code: str, **figures: Figure) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded page: `bands` are consecutive rows of grey (1 channel) or RGB (3) bytes.

    `dpi` and `scale` are those of `model.PageImage`.
    """

    width: int
    height: int
    channels: int
    bands: Iterable[bytes | memoryview]
    dpi: float | None = None
    scale: float = 1.0
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a page says of its own text, as `layers` reads it: a head for JSON, the bytes it announces."""

    head: dict[str, Any]
    body: bytes


class Decoder(Protocol):
    """An opened file inside the lock."""

    @property
    def page_count(self) -> int:
        """Pages that the file has, those that are lost included; at least 1."""
        ...

    @property
    def remarks(self) -> tuple[tuple[Remark, int | None], ...]:
        """What is odd about the file, each with its page counted from 1 or None."""
        ...

    def page(self, index: int) -> Picture:
        """Decode one page; raises Refusal."""
        ...

    def sketch(self, index: int) -> Sketch | None:
        """What a page says of its own text, None where its kind of file says nothing; raises Refusal."""
        ...
