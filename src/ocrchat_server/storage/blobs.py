"""Store blobs in a folder so that they survive any kill, and notice when one was changed."""

from __future__ import annotations

import hashlib
import os
import shutil
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
        """Move a file of the same file system into the store."""
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
            size = os.fstat(opened.fileno()).st_size
            os.fsync(opened.fileno())
        self._rename(file, key)
        return Blob(size, digest.hexdigest())

    def put(self, key: str, data: bytes) -> Blob:
        """Store some bytes; a blob that was there is replaced."""
        draft = self.incoming / uuid4().hex
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._rename(draft, key)
        return Blob(len(data), hashlib.sha256(data).hexdigest())

    def get(self, key: str) -> bytes:
        """The bytes of a blob. BlobMissing when there is none."""
        try:
            return self.path(key).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(key) from None

    def path(self, key: str) -> Path:
        """Where a blob lies, or would lie. ValueError for a key that leaves the store."""
        if not all(part.replace("-", "").replace(".", "").isalnum() for part in key.split("/")):
            raise ValueError(f"not a blob's key: {key!r}")
        return self.root / key

    def delete_under(self, prefix: str) -> None:
        """Delete every blob whose key starts with that folder's name."""
        shutil.rmtree(self.path(prefix), ignore_errors=True)

    def _rename(self, file: Path, key: str) -> None:
        place = self.path(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
