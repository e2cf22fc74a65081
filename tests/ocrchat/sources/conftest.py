from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocrchat.sources import Intake


@pytest.fixture(scope="session")
def intake() -> Iterator[Intake]:
    with Intake() as one:
        yield one


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Save a Pillow image, or plain bytes, under a name that says nothing."""

    def save(what: Image.Image | bytes, format_: str = "PNG", **how: Any) -> Path:
        path = tmp_path / f"upload{len(list(tmp_path.iterdir()))}"
        if isinstance(what, bytes):
            path.write_bytes(what)
        else:
            what.save(path, format_, **how)
        return path

    return save
