"""Hide Tesseract, as where its library is missing: `python -m pytest -p tests.without_tesseract`."""

from __future__ import annotations

import sys

sys.modules["tesserocr"] = None  # type: ignore[assignment]  # an import, or a look for it, finds nothing
