"""Draw pages with known text, in whatever fonts this machine has."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, features

from ocrchat.model import PageImage

FOLDER = Path("/usr/share/fonts")
FONTS = {
    "Latn": ("DejaVuSerif.ttf", "DejaVuSans.ttf", "NotoSerif-Regular.ttf"),
    "Hans": ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc"),
    "Arab": ("NotoNaskhArabic-Regular.ttf", "NotoSansArabic-Regular.ttf"),
    "Tfng": ("NotoSansTifinagh-Regular.ttf",),
    "Deva": ("NotoSansDevanagari-Regular.ttf",),
    "Hebr": ("DejaVuSans.ttf",),
}
FONTS |= dict.fromkeys(("Cyrl", "Grek"), FONTS["Latn"]) | dict.fromkeys(
    ("Hant", "Jpan", "Kore"), FONTS["Hans"]
)
NEEDS_SHAPING = {"Arab", "Deva", "Hebr"}


def font(script: str, size: int) -> ImageFont.FreeTypeFont:
    """A font for the script; the test is skipped where none is installed."""
    if script in NEEDS_SHAPING and not features.check("raqm"):
        pytest.skip("Pillow was built without text shaping")
    for name in FONTS[script]:
        for file in FOLDER.rglob(name):
            return ImageFont.truetype(str(file), size)
    pytest.skip(f"no font for {script} is installed")


def page(
    *lines: str, script: str = "Latn", size: int = 34, width: int = 1200, paper: int = 255, ink: int = 0
) -> PageImage:
    """A grey page with the lines one under another, from the left, Arabic and Hebrew from the right."""
    face = font(script, size)
    height = 120 + len(lines) * size * 2
    image = Image.new("L", (width, height), paper)
    draw = ImageDraw.Draw(image)
    for row, text in enumerate(lines):
        right = script in {"Arab", "Hebr"}
        draw.text(
            (width - 60 if right else 60, 60 + row * size * 2),
            text,
            ink,
            face,
            anchor="ra" if right else "la",
        )
    return PageImage(np.asarray(image))
