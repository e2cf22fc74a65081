"""Find a model's file in an installed package and check that it is the file it should be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from ocrchat.errors import ModelMissing


@dataclass(frozen=True, slots=True)
class Weights:
    """A model file inside a Python package: where it lies and the SHA-256 it must have."""

    name: str
    package: str
    path: str
    sha256: str


@cache
def checked(weights: Weights) -> Path:
    """The file's path; read whole once a process (20 MB: 15 ms).

    Raises ModelMissing when the package or the file is absent or the file is another one. The package
    is found without being imported.
    """
    spec = find_spec(weights.package)
    if spec is None or spec.origin is None:
        raise ModelMissing(f"{weights.name}: the Python package {weights.package} is not installed")
    file = Path(spec.origin).parent / weights.path
    if not file.is_file():
        raise ModelMissing(f"{weights.name}: the package {weights.package} has no {weights.path}")
    with file.open("rb") as opened:
        found = file_digest(opened, "sha256").hexdigest()
    if found != weights.sha256:
        raise ModelMissing(f"{weights.name}: {weights.path} is another file than expected (SHA-256 {found})")
    return file
