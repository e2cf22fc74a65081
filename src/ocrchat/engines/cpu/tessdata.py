"""Find Tesseract's models on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

SYSTEM_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


@cache
def installed_models(extra: Path | None = None) -> Mapping[str, Path]:
    """Model name -> its folder; empty where the library that reads them (tesserocr) is missing.

    An operator's own folder comes first, then `TESSDATA_PREFIX`, then where systems put them.
    """
    if find_spec("tesserocr") is None:
        return {}
    models: dict[str, Path] = {}
    for folder in _folders(extra):
        for file in sorted(folder.glob("*.traineddata")):
            models.setdefault(file.stem, folder)
    return models


def _folders(extra: Path | None) -> Iterable[Path]:
    if extra is not None:
        yield extra
    if prefix := os.environ.get("TESSDATA_PREFIX"):
        yield Path(prefix)
    yield from (Path(folder) for folder in SYSTEM_FOLDERS)
