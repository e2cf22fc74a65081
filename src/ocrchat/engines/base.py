"""Say what every engine is: one card, one method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ocrchat.model import EngineStamp, Page, PageImage
from ocrchat.options import Options


@dataclass(frozen=True, slots=True)
class EngineCard:
    """What an engine is and can do, as data.

    `languages` are the canonical codes it can read here and now, with the models that are
    installed; `gives_words` whether its lines carry words with boxes of their own.
    """

    name: str
    version: str
    languages: frozenset[str]
    models: tuple[str, ...] = ()
    gives_words: bool = True

    @property
    def stamp(self) -> EngineStamp:
        """What a document says about its reader."""
        return EngineStamp(self.name, self.version, self.models)


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an engine can read a language here, and with what; `remedy` adds it where it cannot."""

    code: str
    reader: str
    installed: bool
    remedy: str = ""


class Engine(Protocol):
    """Reads page images. Built once at some cost, then used from one thread at a time.

    Nothing of one call shows in the next: the same image and options give the same page, alone or
    among others, first or thousandth.
    """

    @property
    def card(self) -> EngineCard:
        """The engine's card; it never changes during the engine's life."""
        ...

    def read(self, images: Sequence[PageImage], options: Options) -> tuple[Page, ...]:
        """One page an image, in the images' order; `index` is the place in `images`.

        Raises RequestError for wishes that this engine does not serve, EngineFailed otherwise. A
        blank image gives a page without blocks.
        """
        ...

    def close(self) -> None:
        """Give back threads and memory; the engine is not used again."""
        ...
