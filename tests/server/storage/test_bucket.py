"""Blobs in a bucket behave as those in a folder do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

from ocrchat_server.storage.blobs import BlobMissing, BlobStore
from ocrchat_server.storage.bucket import BucketStore
from ocrchat_server.storage.opening import opened_store


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server with an empty bucket `blobs`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    requests.put(f"{address}/blobs", timeout=10).raise_for_status()
    yield address
    server.stop()


@pytest.fixture
def store(s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
    """A store of its own in the bucket."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return opened_store(tmp_path, f"s3://blobs/{tmp_path.name}")


def test_a_named_bucket_is_the_store(store: BlobStore, tmp_path: Path) -> None:
    assert isinstance(store, BucketStore)
    assert not isinstance(opened_store(tmp_path, ""), BucketStore)


def test_a_blob_is_got_as_it_was_put(store: BlobStore) -> None:
    blob = store.put("jobs/1/pages/0-1.json.gz", b"text")
    assert store.get("jobs/1/pages/0-1.json.gz") == b"text"
    assert blob.size == 4
    with pytest.raises(BlobMissing):
        store.get("jobs/1/upload")


def test_many_are_got_in_their_order(store: BlobStore) -> None:
    keys = [f"jobs/1/pages/{index}-1.json.gz" for index in range(40)]
    for key in keys:
        store.put(key, key.encode())
    assert store.get_many(keys) == [key.encode() for key in keys]
    with pytest.raises(BlobMissing):
        store.get_many([*keys, "jobs/1/pages/41-1.json.gz"])


def test_a_file_goes_there_and_comes_back_as_a_copy(store: BlobStore) -> None:
    file = store.incoming / "upload"
    file.write_bytes(b"scan" * 3_000_000)
    assert store.put_file("jobs/1/upload", file).size == 12_000_000
    file.unlink()
    with store.local("jobs/1/upload") as copy:
        assert copy.read_bytes() == b"scan" * 3_000_000
    assert list(store.incoming.iterdir()) == []
    with pytest.raises(BlobMissing), store.local("jobs/2/upload"):
        pass


def test_deleting_takes_all_below_and_nothing_else(store: BlobStore) -> None:
    for key in ("jobs/1/upload", "jobs/1/pages/0-1.json.gz", "jobs/12/upload"):
        store.put(key, b"x")
    assert [each.key for each in store.delete_under("jobs/1")] == [
        "jobs/1/pages/0-1.json.gz",
        "jobs/1/upload",
    ]
    assert [(each.key, each.size) for each in store.entries_under("jobs")] == [("jobs/12/upload", 1)]
    store.delete("jobs/12/upload")
    assert store.delete_under("jobs") == ()


def test_a_key_never_leaves_the_store(store: BlobStore) -> None:
    for key in ("../x", "a//b", "a/../b"):
        with pytest.raises(ValueError, match="not a blob's key"):
            store.put(key, b"x")
