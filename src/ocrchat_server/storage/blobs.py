"""Store blobs in a folder so that they survive any kill, and notice when one was changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4


class BlobMissing(Exception):
    """There is no blob of that name, or it is not what was stored."""


@dataclass(frozen=True, slots=True)
class Blob:
    """What was stored: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BlobEntry:
    """A blob as a listing has it; `size` in bytes."""

    key: str
    size: int


@dataclass(frozen=True, slots=True)
class BlobStore:
    """Blobs under one folder. A key is a path of plain names: `jobs/<uuid>/upload`.

    A blob appears whole or not at all: it is written beside its place, synced to the disk, then
    renamed; its folder is synced too. Whoever names a blob in a row does so after that.
    """

    root: Path

    def __post_init__(self) -> None:
        self.incoming.mkdir(parents=True, exist_ok=True)

    @property
    def incoming(self) -> Path:
        """Where files are written before they are blobs; on the store's own file system."""
        return self.root / "incoming"

    def put_file(self, key: str, file: Path) -> Blob:
        """Store a file of `incoming`, which stays where it is: as a second name of the same bytes."""
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
            size = os.fstat(opened.fileno()).st_size
            os.fsync(opened.fileno())
        self._place(key, lambda place: os.link(file, place))
        return Blob(size, digest.hexdigest())

    def put(self, key: str, data: bytes) -> Blob:
        """Store some bytes; a blob that was there is replaced. A full disk leaves nothing behind."""
        draft = self.incoming / uuid4().hex
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._place(key, draft.replace)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        return Blob(len(data), hashlib.sha256(data).hexdigest())

    def get(self, key: str) -> bytes:
        """The bytes of a blob. BlobMissing when there is none."""
        try:
            return self._at(key).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(key) from None

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        """The bytes of several blobs, in that order. BlobMissing when one is not there."""
        return [self.get(key) for key in keys]

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A file of this machine with the blob's bytes, for as long as the block lasts.

        Only for reading: here it is the blob itself. BlobMissing when there is none.
        """
        place = self._at(key)
        if not place.is_file():
            raise BlobMissing(key)
        yield place

    def _at(self, key: str) -> Path:
        """Where a blob lies, or would lie. ValueError for a key that leaves the store."""
        return self.root / checked_key(key)

    def entries_under(self, prefix: str) -> Iterator[BlobEntry]:
        """Every blob whose key starts with that folder's name; those of one folder come together."""
        place = self._at(prefix)
        for folder, names, files in os.walk(place):
            names.sort()
            for name in sorted(files):
                file = Path(folder, name)
                with suppress(FileNotFoundError):  # deleted meanwhile
                    yield BlobEntry(file.relative_to(self.root).as_posix(), file.stat().st_size)

    def delete(self, key: str) -> None:
        """Delete one blob; nothing when there is none."""
        place = self._at(key)
        place.unlink(missing_ok=True)
        with suppress(OSError):  # not empty, or gone already
            place.parent.rmdir()

    def delete_under(self, prefix: str) -> tuple[BlobEntry, ...]:
        """Delete every blob whose key starts with that folder's name; what was there."""
        found = tuple(self.entries_under(prefix))
        shutil.rmtree(self._at(prefix), ignore_errors=True)
        return found

    def _place(self, key: str, put: Callable[[Path], object]) -> None:
        place = self._at(key)
        for left in (2, 1, 0):
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                put(place)
                break
            except FileNotFoundError:  # somebody found the new folder empty, and deleted it
                if not left:
                    raise
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def checked_key(key: str) -> str:
    """The key, when it is a path of plain names; else ValueError."""
    if not all(part.replace("-", "").replace(".", "").isalnum() for part in key.split("/")):
        raise ValueError(f"not a blob's key: {key!r}")
    return key
