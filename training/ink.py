"""Set a line of text in a face and give its ink: set type, typed, thermal or by needles."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Mask = NDArray[np.uint8]
ABOVE, BELOW = 1.5, 0.8
"""How much of a set line stands above and below its baseline, in em."""

_NEEDLE_EM = (9, 13)


@dataclass(frozen=True, slots=True)
class Setting:
    """How the lines of one sheet are set. Lengths in pixels, gaps as a factor of the face's own.

    Letters stray from their place by `wander` em and are struck with `weakest` to all of their ink.
    """

    size: int
    word_gap: float = 1.0
    wide_gap: float = 6.0
    tracking: int = 0
    wander: float = 0.0
    weakest: float = 1.0
    hard_edged: bool = False
    needles: int = 0


def is_fixed_pitch(font: ImageFont.FreeTypeFont) -> bool:
    """Whether narrow and wide letters take the same room."""
    return abs(font.getlength("i") - font.getlength("W")) < 0.5


def drawn_setting(font: ImageFont.FreeTypeFont, random: Random) -> Setting:
    """How a sheet in this font is set; what typewriters and receipt printers do mostly to fixed pitch."""
    fixed = is_fixed_pitch(font)
    size = round(font.size)
    draw, typed = random.random(), random.random() < (0.5 if fixed else 0.015)
    if fixed and draw < 0.22:
        return Setting(size, needles=random.choice((2, 3, 3, 4)), wide_gap=random.uniform(2, 8))
    return Setting(
        size,
        word_gap=1.0
        if fixed
        else random.choice((1.0, 1.0, 1.0, random.uniform(0.6, 0.95), random.uniform(1.05, 2.4))),
        wide_gap=random.uniform(2, 14),
        tracking=random.choice((-1, 1, 1, 2, max(1, size // 6))) if random.random() < 0.12 else 0,
        wander=random.uniform(0.008, 0.06) if typed else 0.0,
        weakest=random.uniform(0.3, 1.0) if typed else 1.0,
        hard_edged=draw > (0.75 if fixed else 0.94),
    )


def set_line(text: str, font: ImageFont.FreeTypeFont, how: Setting, random: Random) -> Mask:
    """The ink of a line, uint8 HxW, 255 full; its baseline stands ABOVE em under the top edge.

    Two spaces in a row are set as a wide gap. Raises OSError or ValueError where FreeType cannot draw.
    """
    if how.needles:
        return _by_needles(text, font, how, random)
    return _typeset(text, font, how, random)


def _typeset(text: str, font: ImageFont.FreeTypeFont, how: Setting, random: Random) -> Mask:
    em = how.size
    space = max(1.0, font.getlength(" ") * how.word_gap)
    x, placed = float(em) / 2, list[tuple[float, float, int, str]]()
    for word in text.split(" "):
        if not word:
            x += space * how.wide_gap
            continue
        for piece in word if how.tracking or how.wander else (word,):
            lift, aside = (random.gauss(0, how.wander) * em, random.gauss(0, how.wander / 2) * em)
            ink = round(255 * random.uniform(how.weakest, 1))
            placed.append((x + aside, ABOVE * em + lift, ink, piece))
            x += font.getlength(piece) + how.tracking
        x += space
    sheet = Image.new("L", (int(x + em), int((ABOVE + BELOW) * em)))
    pen = ImageDraw.Draw(sheet)
    pen.fontmode = "1" if how.hard_edged else "L"
    for left, baseline, ink, piece in placed:
        pen.text((left, baseline), piece, font=font, fill=ink, anchor="ls")
    return np.asarray(sheet)


def _by_needles(text: str, font: ImageFont.FreeTypeFont, how: Setting, random: Random) -> Mask:
    """Set small and hard-edged, then every pixel struck as a round dot of the needle pitch."""
    em = random.randint(*_NEEDLE_EM)
    small = _typeset(
        text, font.font_variant(size=em), Setting(em, wide_gap=how.wide_gap, hard_edged=True), random
    )
    pitch = how.needles
    dots = np.zeros((small.shape[0] * pitch, small.shape[1] * pitch), np.uint8)
    dots[pitch // 2 :: pitch, pitch // 2 :: pitch] = small
    thick = pitch + random.choice((-1, 0, 0, 1, 1))
    struck = cv2.dilate(dots, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(2, thick), max(2, thick))))
    return cv2.GaussianBlur(struck, (0, 0), random.uniform(0.4, 0.8)).astype(np.uint8)
