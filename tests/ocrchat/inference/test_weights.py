from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from ocrchat.errors import ModelMissing
from ocrchat.inference.weights import Weights, checked


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "some_models"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('a package of weights is never imported')")
    (folder / "net.bin").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path)
    return folder.name


def test_a_file_with_the_right_sum_is_found_without_importing_its_package(
    package: str, tmp_path: Path
) -> None:
    weights = Weights("net", package, "net.bin", sha256(b"weights").hexdigest())
    assert checked(weights) == tmp_path / package / "net.bin"


def test_another_file_is_refused_with_its_sum(package: str) -> None:
    with pytest.raises(ModelMissing, match=sha256(b"weights").hexdigest()):
        checked(Weights("net", package, "net.bin", "0" * 64))


def test_a_missing_file_or_package_is_named(package: str) -> None:
    with pytest.raises(ModelMissing, match=r"other\.bin"):
        checked(Weights("net", package, "other.bin", "0" * 64))
    with pytest.raises(ModelMissing, match="no_such_package_at_all"):
        checked(Weights("net", "no_such_package_at_all", "net.bin", "0" * 64))
