"""Store blobs in an S3 bucket, so that many machines share them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from ocrchat_server.storage.blobs import Blob, BlobEntry, BlobMissing, BlobStore, checked_key

_AT_ONCE = 16
"""Requests under way at a time when many blobs are read."""

_PATIENCE = timedelta(seconds=20)
"""How long a request that the bucket answers with a 5xx, or not at all, is tried again."""


class BucketFails(OSError):
    """The bucket does not do what a disk would do; the text says why."""


@dataclass(frozen=True, slots=True)
class BucketStore(BlobStore):
    """Blobs in `s3://bucket/prefix`; `root` only holds files on their way.

    Who may and where the bucket is stands in the usual AWS_* variables. S3 shows a blob whole or not
    at all. A failed request is tried again for `_PATIENCE`, with growing pauses.
    """

    address: str = ""

    def put_file(self, key: str, file: Path) -> Blob:
        """Upload a file, which stays where it is."""
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
            size = os.fstat(opened.fileno()).st_size
        with _as_a_disk():
            obstore.put(self._bucket, checked_key(key), file)
        return Blob(size, digest.hexdigest())

    def put(self, key: str, data: bytes) -> Blob:
        """Store some bytes; a blob that was there is replaced."""
        with _as_a_disk():
            obstore.put(self._bucket, checked_key(key), data)
        return Blob(len(data), hashlib.sha256(data).hexdigest())

    def get(self, key: str) -> bytes:
        """The bytes of a blob. BlobMissing when there is none."""
        try:
            with _as_a_disk():
                return bytes(obstore.get(self._bucket, checked_key(key)).bytes())
        except FileNotFoundError:
            raise BlobMissing(key) from None

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        """The bytes of several blobs, in that order, many at a time. BlobMissing when one is not there."""
        if len(keys) < 2:
            return [self.get(key) for key in keys]
        with ThreadPoolExecutor(min(_AT_ONCE, len(keys)), thread_name_prefix="bucket") as threads:
            return list(threads.map(self.get, keys))

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A copy of the blob on this machine, while the block lasts. BlobMissing when there is none."""
        copy = self.incoming / uuid4().hex
        try:
            with _as_a_disk(), copy.open("wb") as file:
                try:
                    found = obstore.get(self._bucket, checked_key(key))
                except FileNotFoundError:
                    raise BlobMissing(key) from None
                for part in found.stream():
                    file.write(part)
                if file.tell() != found.meta["size"]:
                    raise BucketFails(f"{key}: {file.tell()} bytes came of {found.meta['size']}")
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def entries_under(self, prefix: str) -> Iterator[BlobEntry]:
        """Every blob whose key starts with that folder's name, in the order of their keys."""
        batches = obstore.list(self._bucket, checked_key(prefix) + "/")
        while True:
            with _as_a_disk():
                batch = next(batches, ())
            if not batch:
                return
            for found in batch:
                yield BlobEntry(found["path"], found["size"])

    def delete(self, key: str) -> None:
        """Delete one blob; nothing when there is none."""
        with _as_a_disk():
            obstore.delete(self._bucket, [checked_key(key)])

    def delete_under(self, prefix: str) -> tuple[BlobEntry, ...]:
        """Delete every blob whose key starts with that folder's name; what was there."""
        found = tuple(self.entries_under(prefix))
        if found:
            with _as_a_disk():
                obstore.delete(self._bucket, [each.key for each in found])
        return found

    @property
    def _bucket(self) -> S3Store:
        return _opened(self.address)


@contextmanager
def _as_a_disk() -> Iterator[None]:
    """What obstore raises, as an OSError, which is what a folder's store raises."""
    try:
        yield
    except BaseError as error:
        raise BucketFails(str(error)) from error


@cache
def _opened(address: str) -> S3Store:
    return S3Store.from_url(
        address,
        client_options={"allow_http": True, "timeout": timedelta(seconds=30)},
        retry_config={
            "max_retries": 10,
            "retry_timeout": _PATIENCE,
            "backoff": {
                "init_backoff": timedelta(seconds=0.1),
                "max_backoff": timedelta(seconds=5),
                "base": 2,
            },
        },
    )
