"""Keep the server's key: made once, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The key in the data folder; a new one is written (mode 0600) where there is none.

    Safe when several processes start at once: the first to create the file decides.
    """
    path = data / "secret.key"
    data.mkdir(parents=True, exist_ok=True)
    draft = data / f".secret.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process, or an earlier start, was first
    finally:
        draft.unlink()
    return path.read_text()
