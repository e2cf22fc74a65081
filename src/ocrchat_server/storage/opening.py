"""Open the store that the settings name."""

from __future__ import annotations

from pathlib import Path

from ocrchat_server.storage.blobs import BlobStore
from ocrchat_server.storage.bucket import BucketStore


def opened_store(data: Path, bucket: str) -> BlobStore:
    """The bucket `s3://name/prefix` where one is named, else the folder `blobs` in the data folder."""
    root = data / "blobs"
    return BucketStore(root, bucket) if bucket else BlobStore(root)
