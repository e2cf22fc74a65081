"""What must come of a hostile file."""

from collections.abc import Callable
from dataclasses import dataclass

from ocrchat.errors import DamagedSource, SourceError


@dataclass(frozen=True)
class Case:
    """A file, and what must come of it.

    `pages` and `notes` are those of a file that is opened, `unreadable` the pages (from 0) that cannot be
    decoded; `refused` is the error of one that is not opened.
    """

    name: str
    make: Callable[[], bytes]
    refused: type[SourceError] | None = None
    says: str = ""
    pages: int = 1
    unreadable: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    page_notes: tuple[str, ...] = ()


def refused(name: str, make: Callable[[], bytes], error: type[SourceError], says: str) -> Case:
    return Case(name, make, refused=error, says=says)


def damaged(name: str, make: Callable[[], bytes]) -> Case:
    return refused(name, make, DamagedSource, "the file cannot be read: it is damaged")


def broken(name: str, make: Callable[[], bytes], says: str = "damaged") -> Case:
    return Case(name, make, unreadable=(0,), says=says)


def read(
    name: str, make: Callable[[], bytes], *notes: str, pages: int = 1, page_notes: tuple[str, ...] = ()
) -> Case:
    return Case(name, make, pages=pages, notes=notes, page_notes=page_notes)
