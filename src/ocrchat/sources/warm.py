"""Use every decoder once, so that nothing has to be loaded when the lock is closed."""

from __future__ import annotations

import encodings
import io
import os
import tempfile
from pathlib import Path

import PIL
from PIL import Image

from ocrchat.sources import decoder
from ocrchat.sources.limits import Limits
from ocrchat.sources.raster import FORMATS
from ocrchat.sources.sniff import SourceKind


def up() -> None:
    """Encode and decode one small picture of each kind."""
    Image.init()
    for kind in SourceKind:
        with tempfile.TemporaryFile() as file:
            Image.new("RGB", (48, 32), (200, 30, 30)).save(file, FORMATS.get(kind, "PDF"))
            file.flush()
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            document = decoder.opened({"kind": kind, "password": None}, file.fileno(), Limits())
            for band in document.page(0).bands:
                io.BytesIO().write(band)


def code_folders() -> tuple[Path, ...]:
    """Folders of code that something forgotten here may still be imported from."""
    return Path(encodings.__file__).parents[1], Path(PIL.__file__).parent
