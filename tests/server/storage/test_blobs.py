"""Blobs: whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ocrchat_server.storage.blobs import BlobMissing, BlobStore


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    """An empty store."""
    return BlobStore(tmp_path / "blobs")


def test_a_blob_is_got_as_it_was_put(store: BlobStore) -> None:
    blob = store.put("jobs/1/pages/0-1.json.gz", b"text")
    assert store.get("jobs/1/pages/0-1.json.gz") == b"text"
    assert (blob.size, blob.sha256) == (4, hashlib.sha256(b"text").hexdigest())


def test_a_file_is_taken_in_and_outlives_its_own_name(store: BlobStore) -> None:
    file = store.incoming / "upload"
    file.write_bytes(b"scan")
    assert store.put_file("jobs/1/upload", file).sha256 == hashlib.sha256(b"scan").hexdigest()
    file.unlink()
    assert store.get("jobs/1/upload") == b"scan"


def test_nothing_half_written_is_left(store: BlobStore) -> None:
    store.put("a", b"1")
    store.put("a", b"2")
    assert store.get("a") == b"2"
    assert list(store.incoming.iterdir()) == []


def test_what_is_not_there_is_missing(store: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        store.get("jobs/1/upload")


def test_deleting_takes_all_below(store: BlobStore) -> None:
    store.put("jobs/1/upload", b"1")
    store.put("jobs/1/pages/0-1.json.gz", b"2")
    store.put("jobs/2/upload", b"3")
    store.delete_under("jobs/1")
    assert not (store.root / "jobs/1").exists()
    assert store.get("jobs/2/upload") == b"3"


@pytest.mark.parametrize("key", ["../x", "/etc/passwd", "a//b", "a/../b", "", "a/.", "a/.."])
def test_a_key_never_leaves_the_store(store: BlobStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a blob's key"):
        store.get(key)


def test_blobs_are_listed_by_folder(store: BlobStore) -> None:
    store.put("jobs/2/upload", b"333")
    store.put("jobs/1/pages/0-1.json.gz", b"22")
    assert [(each.key, each.size) for each in store.entries_under("jobs")] == [
        ("jobs/1/pages/0-1.json.gz", 2),
        ("jobs/2/upload", 3),
    ]
    assert list(store.entries_under("nothing")) == []


def test_one_blob_is_deleted_and_its_empty_folder_with_it(store: BlobStore) -> None:
    store.put("jobs/1/upload", b"1")
    store.put("jobs/1/pages/0-1.json.gz", b"2")
    store.delete("jobs/1/pages/0-1.json.gz")
    store.delete("jobs/1/pages/0-1.json.gz")
    assert [each.key for each in store.entries_under("jobs")] == ["jobs/1/upload"]
    assert not (store.root / "jobs/1/pages").exists()


def test_a_blob_is_read_as_a_file_and_stays(store: BlobStore) -> None:
    store.put("jobs/1/upload", b"scan")
    with store.local("jobs/1/upload") as file:
        assert file.read_bytes() == b"scan"
    assert store.get("jobs/1/upload") == b"scan"
    with pytest.raises(BlobMissing), store.local("jobs/2/upload"):
        pass
