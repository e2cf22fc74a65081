"""Open what we wrote with LibreOffice."""

from __future__ import annotations

import subprocess
from pathlib import Path


def converted(data: bytes, ending: str, wanted: str, folder: Path) -> bytes:
    """The file of that ending as LibreOffice saves it in another form; `wanted` may name a filter."""
    source = folder / f"in.{ending}"
    source.write_bytes(data)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        wanted,
        "--outdir",
        str(folder / "out"),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "out" / f"in.{wanted.partition(':')[0]}").read_bytes()
